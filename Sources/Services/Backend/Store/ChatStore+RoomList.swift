import BackendCore
import Chat
import Postgres

extension ChatStore {
    /// The value of an answer to `room.list`: one's rooms, or open rooms to find, newest activity first.
    func rooms(open: Bool, after: String?, limit: Int, _ userID: String) throws -> [UInt8] {
        var position: (lastAtMilliseconds: Int64, roomID: RoomID) = (.max, .max)
        if let after {
            guard let given = RoomSummary.position(after) else {
                throw ChatError(.badRequest, "after is not a value of next.")
            }
            position = given
        }
        parameters.removeAll()
        parameters.append(timestamp: position.lastAtMilliseconds)
        parameters.append(text: userID)
        parameters.append(int8: position.roomID)
        parameters.append(int8: Int64(limit) + 1)
        parameters.append(bool: configuration.operators.contains(userID))
        let rows = try connection.execute(open ? Self.openStatement : Self.mineStatement, parameters)
        var summaries: [RoomSummary] = []
        for row in 0..<min(rows.count, limit) {
            let standing = RoomStanding(rows, row: row)
            let event = rows.isNull(row, 10) ? nil : Event(rows, row: row, first: 10, roomID: standing.roomID)
            summaries.append(
                RoomSummary(
                    standing: standing, lastMessage: event, unread: rows.int8(row, 9),
                    lastAtMilliseconds: rows.timestamp(row, 8)))
        }
        return RoomSummary.json(summaries, hasMore: rows.count > limit, bytesMax: Limits.historyAnswerBytesMax)
    }

    private static let mineStatement = Statement(
        "rooms_mine",
        listSQL(
            """
            FROM chat.participant p JOIN chat.room r ON r.room_id = p.room_id
            WHERE p.person = (SELECT person FROM chat.app_user WHERE user_id = $2) AND p.user_id = $2
                AND r.closed_at IS NULL AND (NOT r.operators_only OR $5)
            """))

    private static let openStatement = Statement(
        "rooms_open",
        listSQL(
            """
            FROM chat.room r LEFT JOIN chat.participant p ON p.room_id = r.room_id AND p.user_id = $2
            WHERE r.kind = 'open' AND r.closed_at IS NULL AND (NOT r.operators_only OR $5)
            """))

    /// First the page, then its messages and numbers: those are looked up for the rooms that are given only. Unread are
    /// counted to 1000 (CONTRACT), on from the position read, so the count's cost is bounded.
    private static func listSQL(_ source: String) -> String {
        """
        WITH page AS MATERIALIZED (
            SELECT r.*, p.user_id AS member, p.person AS me, p.role, p.notifications_muted, p.last_read_seq
            \(source) AND (r.last_at, r.room_id) < ($1, $3)
            ORDER BY r.last_at DESC, r.room_id DESC LIMIT $4
        )
        SELECT \(standingColumns), r.last_at, counted.unread, \(eventColumns)
        FROM page r
        CROSS JOIN LATERAL (SELECT r.role, r.notifications_muted, r.last_read_seq) p
        CROSS JOIN LATERAL (
            SELECT count(*) AS unread FROM (
                SELECT FROM chat.event c
                WHERE r.me IS NOT NULL AND c.room_id = r.room_id AND c.seq > r.last_read_seq AND c.type = 'MESSAGE'
                    AND c.person <> r.me AND c.body IS NOT NULL
                LIMIT 1000) few) counted
        LEFT JOIN (chat.event e \(eventJoins)) ON e.room_id = r.room_id AND e.seq = r.last_message_seq
        ORDER BY r.last_at DESC, r.room_id DESC
        """
    }
}
