package import BackendCore
import Chat
import Postgres

extension ChatStore {
    /// Answers a question of `chatRoom.REQUEST`; nothing comes of one whose `not-after` has passed.
    ///
    /// - Throws: `database` only where it may be asked again or must stop; a question that PostgreSQL cannot take is
    ///   refused.
    package func answer(_ question: IncomingRecord, nowMilliseconds: Int64) throws(StoreError) -> Applied {
        switch QuestionDecoder.decode(question, nowMilliseconds: nowMilliseconds, epoch: databaseEpoch) {
        case .done(let applied): return applied
        case .planned(let plan): return try answer(plan)
        }
    }

    private func answer(_ plan: PlannedQuestion) throws(StoreError) -> Applied {
        let topic = Topic.chatRoomResponse
        do {
            let value = try self.value(plan)
            return .answer(value, to: plan.headers, topic: topic, epoch: databaseEpoch)
        } catch let error as ChatError {
            return .answer(error, to: plan.headers, topic: topic, epoch: databaseEpoch)
        } catch let error as PostgresError where error.remedy == .leaveRowOut {
            let refusal = ChatError(.invalid, "The database cannot be asked this.")
            return .answer(refusal, to: plan.headers, topic: topic, epoch: databaseEpoch)
        } catch let error as PostgresError {
            throw .database(error)
        } catch {
            throw .schema("unexpected: \(error)")
        }
    }

    /// The answer's value. Throws `ChatError` to refuse, `PostgresError`.
    private func value(_ plan: PlannedQuestion) throws -> [UInt8] {
        switch plan.question {
        case .ping:
            _ = try connection.execute(Statement("ping", "SELECT 1"))
            return Array("{}".utf8)
        case .enter(let roomID): return try standing(roomID, plan.userID).json(epoch: databaseEpoch)
        case .history(let history): return try self.history(history, plan.userID)
        case .rooms(let open, let after, let limit):
            return try rooms(open: open, after: after, limit: max(1, limit), plan.userID)
        case .participants(let roomID, let after, let limit):
            return try participants(roomID, after: after, limit: max(1, limit), plan.userID)
        }
    }

    /// How the room stands for a person. Throws `not_a_member` where they may not see it, or it is not there.
    func standing(_ roomID: RoomID, _ userID: String) throws -> RoomStanding {
        parameters.removeAll()
        parameters.append(int8: roomID)
        parameters.append(text: userID)
        parameters.append(bool: configuration.operators.contains(userID))
        let rows = try connection.execute(Self.standingStatement, parameters)
        guard rows.count == 1 else { throw ChatError.notAMember }
        return RoomStanding(rows, row: 0)
    }

    private func participants(_ roomID: RoomID, after: String?, limit: Int, _ userID: String) throws -> [UInt8] {
        _ = try standing(roomID, userID)
        parameters.removeAll()
        parameters.append(int8: roomID)
        parameters.append(text: after ?? "")
        parameters.append(int8: Int64(limit) + 1)
        let rows = try connection.execute(Self.participantsStatement, parameters)
        let people = (0..<min(rows.count, limit)).map { row in
            ParticipantEntry(
                userID: rows.text(row, 0), userName: rows.text(row, 1), role: rows.text(row, 2),
                joinedAtMilliseconds: rows.timestamp(row, 3), lastReadSeq: rows.int8(row, 4))
        }
        return ParticipantEntry.json(people, hasMore: rows.count > limit)
    }

    /// Columns of a RoomStanding. A direct room is called as the other person. Operators see what an owner may see; a
    /// room that is for them alone is for nobody else.
    static let standingColumns = """
        r.room_id,
        CASE WHEN r.kind = 'direct' THEN coalesce((
            SELECT u.user_name FROM chat.participant o JOIN chat.app_user u ON u.person = o.person
            WHERE o.room_id = r.room_id AND o.user_id <> $2 LIMIT 1), '') ELSE r.room_name END,
        r.kind, r.operators_only, p.role, coalesce(p.notifications_muted, false), r.last_seq,
        coalesce(p.last_read_seq, 0)
        """

    private static let standingStatement = Statement(
        "room_standing",
        """
        SELECT \(standingColumns)
        FROM chat.room r LEFT JOIN chat.participant p ON p.room_id = r.room_id AND p.user_id = $2
        WHERE r.room_id = $1 AND r.closed_at IS NULL AND CASE WHEN r.operators_only THEN $3
            ELSE p.role IS NOT NULL OR r.kind = 'open' OR ($3 AND r.kind <> 'direct') END
        """)

    private static let participantsStatement = Statement(
        "room_participants",
        """
        SELECT p.user_id, u.user_name, p.role, p.joined_at, p.last_read_seq
        FROM chat.participant p JOIN chat.app_user u ON u.person = p.person
        WHERE p.room_id = $1 AND p.user_id > $2 COLLATE "C" ORDER BY p.user_id LIMIT $3
        """)
}

extension RoomStanding {
    /// From a row that begins with `ChatStore.standingColumns`.
    init(_ rows: borrowing Rows, row: Int) {
        self.init(
            roomID: rows.int8(row, 0), roomName: rows.text(row, 1), kind: rows.text(row, 2),
            operatorsOnly: rows.bool(row, 3), role: rows.optionalText(row, 4), isMuted: rows.bool(row, 5),
            lastSeq: rows.int8(row, 6), lastReadSeq: rows.int8(row, 7))
    }
}
