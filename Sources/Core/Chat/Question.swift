package import JSON

/// A question about rooms: the value of a record in chatRoom.REQUEST. It changes nothing, has a deadline (`not-after`)
/// and is never replayed.
package enum Question: Sendable, Equatable {
    /// May I see the room, and where does it stand?
    case enter(roomID: RoomID)
    case history(HistoryQuestion)
    /// My rooms by last activity, or open rooms to find.
    case rooms(open: Bool, after: String?, limit: Int)
    case participants(roomID: RoomID, after: String?, limit: Int)
    /// Is a backend there?
    case ping
}

/// Events of a room: the oldest after `since`, the newest before `before`, the oldest between where both are given,
/// the newest where neither is.
package struct HistoryQuestion: Sendable, Equatable {
    /// The room.
    package var roomID: RoomID
    /// Events after this seq.
    package var since: Seq?
    /// Events before this seq.
    package var before: Seq?
    /// How many events at the most.
    package var limit: Int
    /// How many octets of events at the most; one event is always given.
    package var bytesMax: Int

    /// A question for a page of history.
    package init(
        roomID: RoomID, since: Seq? = nil, before: Seq? = nil, limit: Int = Limits.historyDefault,
        bytesMax: Int = Limits.historyAnswerBytesMax
    ) {
        self.roomID = roomID
        self.since = since
        self.before = before
        self.limit = limit
        self.bytesMax = bytesMax
    }
}

extension Question {
    /// The header `type`.
    package var type: RecordType {
        switch self {
        case .enter: .roomEnter
        case .history: .roomHistory
        case .rooms: .roomList
        case .participants: .roomParticipants
        case .ping: .servicePing
        }
    }

    /// The record's key: the roomId, else the userId of who asks, so that load spreads.
    package func key(userID: String) -> [UInt8] {
        switch self {
        case .enter(let roomID), .participants(let roomID, _, _): Array(String(roomID).utf8)
        case .history(let history): Array(String(history.roomID).utf8)
        case .rooms, .ping: Array(userID.utf8)
        }
    }

    /// The record's value.
    package var value: [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        switch self {
        case .enter(let roomID): writer.member("roomId", roomID)
        case .history(let history):
            writer.member("roomId", history.roomID)
            if let since = history.since { writer.member("since", since) }
            if let before = history.before { writer.member("before", before) }
            writer.member("limit", Int64(history.limit))
            writer.member("bytesMax", Int64(history.bytesMax))
        case .rooms(let open, let after, let limit):
            if open { writer.member("kind", RoomKind.open.rawValue) }
            if let after { writer.member("after", after) }
            writer.member("limit", Int64(limit))
        case .participants(let roomID, let after, let limit):
            writer.member("roomId", roomID)
            if let after { writer.member("after", after) }
            writer.member("limit", Int64(limit))
        case .ping: break
        }
        writer.endObject()
        return writer.bytes
    }

    /// Reads the value of a question of `type`. Throws `bad_request` or `invalid`.
    package init(type: RecordType, value: JSONValue) throws(ChatError) {
        let fields = Fields(value)
        func limit(_ fallback: Int) throws(ChatError) -> Int {
            min(Int(try fields.optionalInteger("limit") ?? Int64(fallback)), Limits.listMax)
        }
        switch type {
        case .roomEnter: self = .enter(roomID: try fields.integer("roomId"))
        case .roomHistory:
            self = .history(
                HistoryQuestion(
                    roomID: try fields.integer("roomId"), since: try fields.optionalInteger("since"),
                    before: try fields.optionalInteger("before"), limit: try limit(Limits.historyDefault),
                    bytesMax: min(
                        Int(try fields.optionalInteger("bytesMax") ?? .max), Limits.historyAnswerBytesMax)))
        case .roomList:
            self = .rooms(
                open: try fields.optionalText("kind") == RoomKind.open.rawValue,
                after: try fields.optionalText("after"), limit: try limit(Limits.listDefault))
        case .roomParticipants:
            self = .participants(
                roomID: try fields.integer("roomId"), after: try fields.optionalText("after"),
                limit: try limit(Limits.listDefault))
        case .servicePing: self = .ping
        default: throw ChatError(.badRequest, "\(type.rawValue) is no question about rooms.")
        }
    }
}
