package import JSON

/// Something that happened in a room and has a seq (CONTRACT section 3, Events).
package struct Event: Sendable, Equatable {
    /// Where.
    package var roomID: RoomID
    /// Its number in the room.
    package var seq: Seq
    /// Its id, the same everywhere.
    package var messageID: MessageID
    /// Who did it.
    package var userID: String
    /// The present name of who did it; facts have none.
    package var writer: String?
    /// When, in milliseconds since 1970; never decreases with seq.
    package var createdAtMilliseconds: Int64
    /// What.
    package var content: Content

    /// What happened.
    package enum Content: Sendable, Equatable {
        case message(text: String, replyTo: Seq?, mentions: [String])
        case join(targetID: String, targetName: String?)
        case leave(targetID: String, targetName: String?)
        case role(targetID: String, targetName: String?, role: Role)
        case close
    }

    /// An event with all its parts.
    package init(
        roomID: RoomID, seq: Seq, messageID: MessageID, userID: String, writer: String? = nil,
        createdAtMilliseconds: Int64, content: Content
    ) {
        self.roomID = roomID
        self.seq = seq
        self.messageID = messageID
        self.userID = userID
        self.writer = writer
        self.createdAtMilliseconds = createdAtMilliseconds
        self.content = content
    }
}

/// The `type` of an event.
package enum EventType: String, Sendable, CaseIterable {
    case message = "MESSAGE"
    case join = "JOIN"
    case leave = "LEAVE"
    case role = "ROLE"
    case close = "CLOSE"
}

extension Event.Content {
    /// The `type` of the event.
    package var type: EventType {
        switch self {
        case .message: .message
        case .join: .join
        case .leave: .leave
        case .role: .role
        case .close: .close
        }
    }
}

/// What only history knows about an event.
package struct EventHistory: Sendable, Equatable {
    /// Members, without the author, who have not read it yet; MESSAGE only.
    package var unreadCount: Int64?

    /// Nothing known.
    package init(unreadCount: Int64? = nil) { self.unreadCount = unreadCount }
}

extension Event {
    /// Appends the event as JSON, fields in CONTRACT's order. Without `writer` it is the value of a fact, with it the
    /// body of a MESSAGE frame, with `history` an entry of chatMessage.
    package func write(into out: inout JSONWriter, history: EventHistory? = nil) {
        out.beginObject()
        out.member("type", content.type.rawValue)
        out.member("roomId", roomID)
        out.member("seq", seq)
        out.key("messageId")
        out.string(messageID.description)
        out.member("userId", userID)
        out.member("writerId", userID)
        if let writer { out.member("writer", writer) }
        switch content {
        case .message(let text, let replyTo, let mentions):
            out.member("message", text)
            if let replyTo { out.member("replyTo", replyTo) }
            if !mentions.isEmpty { out.strings("mentions", mentions) }
        case .join(let targetID, let targetName), .leave(let targetID, let targetName):
            out.member("targetId", targetID)
            if let targetName { out.member("targetName", targetName) }
        case .role(let targetID, let targetName, let role):
            out.member("targetId", targetID)
            if let targetName { out.member("targetName", targetName) }
            out.member("role", role.rawValue)
        case .close: break
        }
        out.member("createdAt", Timestamp.text(milliseconds: createdAtMilliseconds))
        if let unreadCount = history?.unreadCount { out.member("unreadCount", unreadCount) }
        out.endObject()
    }

    /// The value of a fact, the body of a MESSAGE frame where `writer` is known.
    package var json: [UInt8] {
        var writer = JSONWriter(capacityBytes: 512)
        write(into: &writer)
        return writer.bytes
    }
}

extension Event {
    /// Reads an event as `json` writes it, fields in any order. Throws `invalid` or `bad_request`.
    package init(json value: JSONValue) throws(ChatError) {
        let fields = Fields(value)
        guard let type = EventType(rawValue: try fields.text("type")),
            let messageID = MessageID(try fields.text("messageId")),
            let createdAt = Timestamp.milliseconds(try fields.text("createdAt"))
        else { throw ChatError(.invalid, "Not an event.") }
        let content: Content
        switch type {
        case .message:
            content = .message(
                text: try fields.text("message"), replyTo: try fields.optionalInteger("replyTo"),
                mentions: try fields.userIDs("mentions", orEmpty: true))
        case .join:
            content = .join(targetID: try fields.text("targetId"), targetName: try fields.optionalText("targetName"))
        case .leave:
            content = .leave(targetID: try fields.text("targetId"), targetName: try fields.optionalText("targetName"))
        case .role:
            content = .role(
                targetID: try fields.text("targetId"), targetName: try fields.optionalText("targetName"),
                role: try fields.role("role"))
        case .close: content = .close
        }
        self.init(
            roomID: try fields.integer("roomId"), seq: try fields.integer("seq"), messageID: messageID,
            userID: try fields.text("userId"), writer: try fields.optionalText("writer"),
            createdAtMilliseconds: createdAt, content: content)
    }
}
