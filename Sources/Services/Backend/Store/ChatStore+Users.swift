package import BackendCore
import Chat
import Postgres

extension ChatStore {
    /// Applies requests of `user.REQUEST`, in one transaction.
    ///
    /// - Throws: `leaseLost`, `database`; nothing is stored then.
    package func applyUsers(_ batch: LaneBatch, nowMilliseconds: Int64) throws(StoreError) -> [Applied] {
        do {
            return try inTransaction(batch) { records in
                try records.map { try self.apply($0, nowMilliseconds: nowMilliseconds) }
            }
        } catch .database(let failure) where failure.remedy == .leaveRowOut {
            // Each on its own then: what is poison shows itself.
            var results: [Applied] = []
            for record in batch.records { results.append(try alone(record, batch, nowMilliseconds)) }
            return results
        }
    }

    private func alone(
        _ record: IncomingRecord, _ batch: LaneBatch, _ nowMilliseconds: Int64
    ) throws(StoreError) -> Applied {
        let single = LaneBatch(lane: batch.lane, records: [record], answeredOffset: batch.answeredOffset)
        do {
            let results = try inTransaction(single) { records in
                try records.map { try self.apply($0, nowMilliseconds: nowMilliseconds) }
            }
            return results.first ?? Applied()
        } catch .database(let failure) where failure.remedy == .leaveRowOut {
            let refusal = ChatError(.invalid, "The database cannot keep this.")
            _ = try inTransaction(single) { _ in [] }
            guard case .success(let headers) = record.headers else { return Applied(deadLetterReason: "\(failure)") }
            var applied = Applied.answer(refusal, to: headers, topic: .userResponse, epoch: databaseEpoch)
            applied.deadLetterReason = failure.description
            return applied
        }
    }

    /// Runs `body` under the lane's lease and moves its offsets.
    private func inTransaction(
        _ batch: LaneBatch, _ body: ([IncomingRecord]) throws -> [Applied]
    ) throws(StoreError) -> [Applied] {
        do {
            try connection.run("BEGIN")
            parameters.removeAll()
            encodeLane(batch)
            try connection.execute(Self.holdStatement, parameters)
            let results = try body(batch.records)
            try connection.run("COMMIT")
            return results
        } catch {
            let failure = error as? PostgresError
            // What cannot be rolled back is closed, which does the same.
            if connection.isConnected { do { try connection.run("ROLLBACK") } catch { connection.close() } }
            guard let failure else { throw .schema("unexpected: \(error)") }
            if failure.sqlState == Self.leaseLostState {
                throw .leaseLost(batch.lane.topic, partition: batch.lane.partition)
            }
            throw .database(failure)
        }
    }

    private func encodeLane(_ batch: LaneBatch) {
        parameters.append(text: batch.lane.incarnation)
        parameters.append(texts: [batch.lane.topic.rawValue])
        parameters.append(arrayOf: .int4) { $0.append(int4: batch.lane.partition) }
        parameters.append(int8s: [batch.lane.epoch])
        parameters.append(int8s: [(batch.records.last?.offset ?? -1) + 1])
        parameters.append(int8s: [batch.answeredOffset])
    }

    private func apply(_ record: IncomingRecord, nowMilliseconds: Int64) throws -> Applied {
        switch UserDecoder.decode(record, nowMilliseconds: nowMilliseconds, epoch: databaseEpoch) {
        case .done(let applied): return applied
        case .planned(let plan):
            do {
                return try apply(plan, nowMilliseconds: nowMilliseconds)
            } catch let error as ChatError {
                return .answer(error, to: plan.headers, topic: .userResponse, epoch: databaseEpoch)
            }
        }
    }

    private func apply(_ plan: PlannedUserRequest, nowMilliseconds now: Int64) throws -> Applied {
        switch plan.request {
        case .create(let userID, let userName, let credential):
            return try create(userID, userName, credential, plan, now)
        case .challenge(let userID, let clientFirst):
            let server = try scramServer()
            let verifier = try user(userID).flatMap { openVerifier(of: $0) }
            let first = try server.challenge(
                userID: userID, clientFirst: clientFirst, verifier: verifier, nowMilliseconds: now)
            return reply(UserAnswers.challenge(first), plan)
        case .login(let login): return try self.login(login, plan, now)
        case .check(let userID, let sessionID, let issuedAt, let expiresAt):
            return try check(userID, sessionID, issuedAt: issuedAt, expiresAt: expiresAt, plan, now)
        case .get(let userIDs): return reply(UserAnswers.users(try users(userIDs)), plan)
        case .rename(let userName): return try change(userName: userName, userStatus: nil, plan)
        case .status(let userStatus): return try change(userName: nil, userStatus: userStatus, plan)
        case .sessions: return reply(UserAnswers.sessions(try sessions(of: plan.asker, now)), plan)
        case .logout(let sessionID): return try logout(sessionID, plan, now)
        }
    }

    /// An answer to who asked.
    func reply(_ value: [UInt8], _ plan: PlannedUserRequest) -> Applied {
        .answer(value, to: plan.headers, topic: .userResponse, epoch: databaseEpoch)
    }

    /// Refuses what its author has given up: nothing may come of it later.
    func refuseOverdue(_ plan: PlannedUserRequest) throws(ChatError) {
        if plan.isOverdue { throw ChatError(.notConfirmed, "It came too late to be stored.") }
    }

    private func scramServer() throws(ChatError) -> ScramServer {
        guard let keys = configuration.sessionKeys else {
            throw ChatError(.unavailable, "This backend has no --session-key.")
        }
        return ScramServer(keys: keys)
    }

    private func openVerifier(of state: UserState) -> ScramVerifier? {
        configuration.sessionKeys.flatMap { ScramVerifier(sealed: state.credential, userID: state.userID, keys: $0) }
    }

    private func login(_ login: UserRequest.Login, _ plan: PlannedUserRequest, _ now: Int64) throws -> Applied {
        try refuseOverdue(plan)
        let state = try user(login.userID)
        let final = try scramServer().verify(
            login, verifier: state.flatMap { openVerifier(of: $0) }, nowMilliseconds: now)
        guard let state else { throw ScramServer.refusal }
        try keepSession(
            login.sessionID, of: login.userID, client: String(login.client.unicodeScalars.prefix(200)),
            issuedAt: login.issuedAtMilliseconds, expiresAt: login.expiresAtMilliseconds, now)
        return reply(UserAnswers.login(final, state), plan)
    }

    // Held first, moved at once: whatever fails later takes this back, too.
    private static let holdStatement = Statement(
        "hold_lane",
        """
        SELECT chat.hold_lanes($1, $2, $3, $4),
               chat.move_lanes($1, $2, $3, $5, $6)
        """)
}
