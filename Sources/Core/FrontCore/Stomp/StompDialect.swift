import Chat

/// One destination that clients may name. The table below is the only place that knows them (CONTRACT section 3).
struct StompDialect {
    /// What SEND or SUBSCRIBE means there.
    enum Meaning {
        /// SEND: says something; the text stands in the first of these fields that is there.
        case say(texts: [String])
        /// SEND: says something, or enters, as the field `type` has it.
        case byType
        case enter
        case read
        /// SUBSCRIBE: the events of a room.
        case events
        case errors
        case notifications
    }

    /// Where the room is named.
    enum Room {
        /// Behind the destination's last slash.
        case path
        /// In this field of the body, as a number or a decimal string.
        case body(String)
        case none
    }

    let isSend: Bool
    /// The destination, up to the room where that is part of it.
    let name: StaticString
    let room: Room
    let meaning: Meaning

    static let table: [StompDialect] = [
        StompDialect(isSend: true, name: "/pub/chat/room/", room: .path, meaning: .say(texts: ["message"])),
        StompDialect(isSend: true, name: "/pub/chat/message", room: .body("roomId"), meaning: .say(texts: ["message"])),
        StompDialect(isSend: true, name: "/pub/chat/enter", room: .body("roomId"), meaning: .enter),
        StompDialect(isSend: true, name: "/pub/chat/read", room: .body("roomId"), meaning: .read),
        StompDialect(isSend: true, name: "/publish/chat", room: .body("chatRoomId"), meaning: .byType),
        StompDialect(
            isSend: true, name: "/app/message", room: .body("roomId"), meaning: .say(texts: ["message", "content"])),
        StompDialect(isSend: false, name: "/sub/chat/room/", room: .path, meaning: .events),
        StompDialect(isSend: false, name: "/subscribe/chat/room/", room: .path, meaning: .events),
        StompDialect(isSend: false, name: "/queue/chat-rooms/", room: .path, meaning: .events),
        StompDialect(isSend: false, name: "/topic/chat/room/", room: .path, meaning: .events),
        StompDialect(isSend: false, name: "/user/queue/errors", room: .none, meaning: .errors),
        StompDialect(isSend: false, name: "/user/queue/notifications", room: .none, meaning: .notifications),
    ]
}

/// A destination of the table, with its room where the path names one. Small, so that waiting SENDs and idle
/// subscriptions need not keep its text.
struct StompPlace: Equatable {
    /// The room in the path; 0 where there is none.
    let roomID: RoomID
    /// The row of the table.
    let row: UInt8

    var dialect: StompDialect { StompDialect.table[Int(row)] }

    /// The destination as the client spelt it.
    var destination: String {
        let dialect = dialect
        guard case .path = dialect.room else { return "\(dialect.name)" }
        return "\(dialect.name)\(roomID)"
    }

    /// Finds the destination that `bytes` spell. Throws `not_found` for what is not there, `not_a_member` for a number
    /// that is no room's, `forbidden` for what is there but not for this: wildcards, other people's queues, SEND to
    /// what is only subscribed to and the other way round.
    init(isSend: Bool, destination bytes: UnsafeRawBufferPointer) throws(ChatError) {
        for (row, dialect) in StompDialect.table.enumerated() where dialect.isSend == isSend {
            guard let rest = dialect.rest(of: bytes) else { continue }
            self.init(row: UInt8(row), roomID: try StompPlace.room(rest, dialect))
            return
        }
        throw StompPlace.refusal(isSend: isSend, bytes)
    }

    private init(row: UInt8, roomID: RoomID) {
        self.row = row
        self.roomID = roomID
    }

    private static func room(_ rest: UnsafeRawBufferPointer, _ dialect: StompDialect) throws(ChatError) -> RoomID {
        guard case .path = dialect.room else { return 0 }
        if let number = Decimal.unsigned(rest), rest.count == 1 || rest[0] != UInt8(ascii: "0") {
            guard let roomID = Int64(exactly: number) else { throw .notAMember }
            return roomID
        }
        if rest.contains(UInt8(ascii: "*")) || rest.contains(UInt8(ascii: ">")) { throw wildcards }
        if !rest.isEmpty, rest[0] != UInt8(ascii: "0"), rest.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) {
            throw .notAMember
        }
        throw ChatError(.notFound, "This destination does not end in the number of a room.")
    }

    private static let wildcards = ChatError(.forbidden, "A destination holds no wildcards here.")

    private static func refusal(isSend: Bool, _ bytes: UnsafeRawBufferPointer) -> ChatError {
        if bytes.contains(UInt8(ascii: "*")) || bytes.contains(UInt8(ascii: ">")) { return wildcards }
        if StompDialect.table.contains(where: { $0.isSend != isSend && $0.rest(of: bytes) != nil }) {
            return isSend
                ? ChatError(.forbidden, "This destination can be subscribed to, not sent to.")
                : ChatError(.forbidden, "This destination can be sent to, not subscribed to.")
        }
        if bytes.starts(with: "/user/".utf8) {
            return ChatError(.forbidden, "Of /user/ there are only your own queues, errors and notifications.")
        }
        return ChatError(.notFound, "There is no such destination.")
    }
}

extension StompDialect {
    /// What follows the name in `bytes`; nil where they spell something else.
    fileprivate func rest(of bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        let count = name.utf8CodeUnitCount
        guard bytes.count >= count else { return nil }
        if case .path = room {} else if bytes.count != count { return nil }
        for index in 0..<count where bytes[index] != name.utf8Start[index] { return nil }
        return UnsafeRawBufferPointer(rebasing: bytes[count...])
    }
}
