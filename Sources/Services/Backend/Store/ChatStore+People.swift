import BackendCore
import Chat
import Postgres

extension ChatStore {
    /// Signs somebody up. The same request again is answered as before.
    func create(
        _ userID: String, _ userName: String, _ credential: String, _ plan: PlannedUserRequest, _ now: Int64
    ) throws -> Applied {
        if let keys = configuration.sessionKeys,
            ScramVerifier(sealed: credential, userID: userID, keys: keys) == nil
        {
            throw ChatError(.invalid, "credential is not sealed with the key of --session-key.")
        }
        let messageID = plan.headers.messageID
        // Too late for a new one; one that was made in time is told.
        if plan.isOverdue, try user(userID) == nil { try refuseOverdue(plan) }
        parameters.removeAll()
        parameters.append(text: userID)
        parameters.append(text: userName)
        parameters.append(timestamp: now)
        parameters.append(text: credential)
        if let messageID { parameters.append(uuid: messageID.bits) } else { parameters.appendNull() }
        try connection.execute(Self.createStatement, parameters)
        guard let state = try user(userID), try madeBy(userID) == messageID else {
            throw ChatError(.alreadyExists, "Somebody has this userId.")
        }
        return told(state, state.names, plan)
    }

    /// Changes a profile.
    func change(userName: String?, userStatus: String?, _ plan: PlannedUserRequest) throws -> Applied {
        try refuseOverdue(plan)
        parameters.removeAll()
        parameters.append(text: plan.asker)
        parameters.append(text: userName)
        parameters.append(text: userStatus)
        let rows = try connection.execute(Self.changeStatement, parameters)
        guard rows.count == 1 else { throw ChatError(.unauthenticated, "This person does not exist.") }
        let state = UserState(rows, row: 0)
        return told(state, state.profile, plan)
    }

    /// The fact, then the answer.
    private func told(_ state: UserState, _ value: [UInt8], _ plan: PlannedUserRequest) -> Applied {
        var applied = reply(value, plan)
        applied.records.insert(state.fact(to: plan.headers, epoch: databaseEpoch), at: 0)
        return applied
    }

    /// The person, nil where there is none.
    func user(_ userID: String) throws -> UserState? { try users([userID]).first }

    /// The people there are, in the order asked for.
    func users(_ userIDs: [String]) throws -> [UserState] {
        parameters.removeAll()
        parameters.append(texts: userIDs)
        let rows = try connection.execute(Self.usersStatement, parameters)
        return (0..<rows.count).map { UserState(rows, row: $0) }
    }

    /// The id of the sign-up that made the person.
    private func madeBy(_ userID: String) throws -> MessageID? {
        parameters.removeAll()
        parameters.append(text: userID)
        let rows = try connection.execute(Self.madeByStatement, parameters)
        guard rows.count == 1, !rows.isNull(0, 0) else { return nil }
        return MessageID(bits: rows.uuid(0, 0))
    }

    private static let createStatement = Statement(
        "user_create",
        """
        INSERT INTO chat.app_user (user_id, user_name, created_at, credential, message_id)
        VALUES ($1, $2, $3, $4, $5) ON CONFLICT (user_id) DO NOTHING
        """)

    private static let madeByStatement = Statement(
        "user_made_by", "SELECT message_id FROM chat.app_user WHERE user_id = $1")

    private static let changeStatement = Statement(
        "user_change",
        """
        UPDATE chat.app_user SET user_name = coalesce($2, user_name), user_status = coalesce($3, user_status)
        WHERE user_id = $1 RETURNING user_id, user_name, user_status, created_at, credential
        """)

    private static let usersStatement = Statement(
        "users",
        """
        SELECT u.user_id, u.user_name, u.user_status, u.created_at, u.credential
        FROM unnest($1::text[]) WITH ORDINALITY n(user_id, place) JOIN chat.app_user u USING (user_id)
        ORDER BY n.place
        """)
}

extension UserState {
    /// From user_id, user_name, user_status, created_at, credential.
    init(_ rows: borrowing Rows, row: Int) {
        self.init(
            userID: rows.text(row, 0), userName: rows.text(row, 1), userStatus: rows.text(row, 2),
            createdAtMilliseconds: rows.timestamp(row, 3), credential: rows.text(row, 4))
    }
}
