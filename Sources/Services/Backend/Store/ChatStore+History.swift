import BackendCore
import Chat
import Postgres

extension ChatStore {
    /// The value of an answer to `room.history`.
    func history(_ question: HistoryQuestion, _ userID: String) throws -> [UInt8] {
        let standing = try standing(question.roomID, userID)
        var page = HistoryPage(question, lastSeq: standing.lastSeq, lastReadSeq: standing.lastReadSeq)
        guard question.limit > 0 else { return page.json(epoch: databaseEpoch) }
        parameters.removeAll()
        parameters.append(int8: question.roomID)
        parameters.append(int8: question.since ?? 0)
        // What was stored since the room was looked at is left for the next question: lastSeq and events agree.
        parameters.append(int8: min(question.before ?? .max, standing.lastSeq + 1))
        parameters.append(int8: Int64(question.limit))
        parameters.append(int8: Int64(question.bytesMax))
        let statement = question.since == nil ? Self.newestStatement : Self.oldestStatement
        let rows = try connection.execute(statement, parameters)
        for row in 0..<rows.count {
            guard let event = Event(rows, row: row, first: 2, roomID: question.roomID) else {
                throw PostgresError(.refusedByServer, sqlState: "XX000", message: "an event of an unknown type")
            }
            var history = EventHistory()
            if case .message = event.content { history.unreadCount = Int64(rows.int4(row, 0)) }
            page.append(event, history)
        }
        return page.json(epoch: databaseEpoch)
    }

    /// Columns of an Event out of `e`.
    static let eventColumns = """
        e.seq, e.message_id, u.user_id, u.user_name, e.created_at, e.type, e.body, e.reply_to,
        CASE WHEN e.mentions IS NOT NULL THEN ARRAY(
            SELECT w.user_id FROM unnest(e.mentions) WITH ORDINALITY m(person, n)
            JOIN chat.app_user w ON w.person = m.person ORDER BY m.n) END,
        t.user_id, t.user_name, e.role
        """

    static let eventJoins = """
        JOIN chat.app_user u ON u.person = e.person LEFT JOIN chat.app_user t ON t.person = e.target_person
        """

    private static let oldestStatement = Statement("history_oldest", historySQL(order: "ASC"))
    private static let newestStatement = Statement("history_newest", historySQL(order: "DESC"))

    /// Events between two seqs, cut at the number and the octets asked for. The number of those who have not read a
    /// message comes of the sorted positions of all members; its author, who has read it, is not among them.
    private static func historySQL(order: String) -> String {
        """
        WITH positions AS MATERIALIZED (
            SELECT coalesce(array_agg(last_read_seq ORDER BY last_read_seq), '{}') AS read
            FROM chat.participant WHERE room_id = $1
        ), page AS (
            SELECT * FROM chat.event WHERE room_id = $1 AND seq > $2 AND seq < $3 ORDER BY seq \(order) LIMIT $4
        ), measured AS (
            SELECT p.*, sum(coalesce(octet_length(p.body), 0) + 300) OVER (ORDER BY p.seq \(order)) AS bytes,
                   row_number() OVER (ORDER BY p.seq \(order)) AS place
            FROM page p
        )
        SELECT width_bucket(e.seq - 1, positions.read), e.place, \(eventColumns)
        FROM measured e \(eventJoins) CROSS JOIN positions
        WHERE e.place = 1 OR e.bytes <= $5::bigint ORDER BY e.seq
        """
    }
}

extension Event {
    /// From `ChatStore.eventColumns` that begin with the column `first`; nil for a type that is not known here.
    init?(_ rows: borrowing Rows, row: Int, first: Int, roomID: RoomID) {
        let content: Content
        let (targetID, targetName) = (rows.text(row, first + 9), rows.optionalText(row, first + 10))
        switch EventType(rawValue: rows.text(row, first + 5)) {
        case .message:
            content = .message(
                text: rows.text(row, first + 6), replyTo: rows.optionalInt8(row, first + 7),
                mentions: rows.texts(row, first + 8))
        case .join: content = .join(targetID: targetID, targetName: targetName)
        case .leave: content = .leave(targetID: targetID, targetName: targetName)
        case .role:
            guard let role = Role(rawValue: rows.text(row, first + 11)) else { return nil }
            content = .role(targetID: targetID, targetName: targetName, role: role)
        case .close: content = .close
        case nil: return nil
        }
        self.init(
            roomID: roomID, seq: rows.int8(row, first), messageID: MessageID(bits: rows.uuid(row, first + 1)),
            userID: rows.text(row, first + 2), writer: rows.text(row, first + 3),
            createdAtMilliseconds: rows.timestamp(row, first + 4), content: content)
    }
}
