package import JSON

/// A command that changes a room: the value of a record in chatMessage.REQUEST. Who commands stands in the headers.
package enum Command: Sendable, Equatable {
    case send(MessageSend)
    case createRoom(RoomCreate)
    case addMembers(roomID: RoomID, userIDs: [String])
    case removeMember(roomID: RoomID, userID: String)
    case setRole(roomID: RoomID, userID: String, role: Role)
    case moveRead(roomID: RoomID, seq: Seq)
}

/// Says something in a room.
package struct MessageSend: Sendable, Equatable {
    /// Where.
    package var roomID: RoomID
    /// What, scalar for scalar.
    package var message: String
    /// The seq of the message it answers.
    package var replyTo: Seq?
    /// Who is mentioned.
    package var mentions: [String]

    /// A message to be.
    package init(roomID: RoomID, message: String, replyTo: Seq? = nil, mentions: [String] = []) {
        self.roomID = roomID
        self.message = message
        self.replyTo = replyTo
        self.mentions = mentions
    }
}

/// Makes a room; the caller is in it.
package struct RoomCreate: Sendable, Equatable {
    /// Its name; direct rooms have none.
    package var roomName: String
    /// What it is for.
    package var kind: RoomKind
    /// The others.
    package var userIDs: [String]
    /// Whether only operators see it.
    package var operatorsOnly: Bool

    /// A room to be.
    package init(roomName: String, kind: RoomKind, userIDs: [String], operatorsOnly: Bool = false) {
        self.roomName = roomName
        self.kind = kind
        self.userIDs = userIDs
        self.operatorsOnly = operatorsOnly
    }
}

extension Command {
    /// The header `type`.
    package var type: RecordType {
        switch self {
        case .send: .messageSend
        case .createRoom: .roomCreate
        case .addMembers: .memberAdd
        case .removeMember: .memberRemove
        case .setRole: .memberRole
        case .moveRead: .readMove
        }
    }

    /// The room it is about; nil where it makes one.
    package var roomID: RoomID? {
        switch self {
        case .send(let send): send.roomID
        case .createRoom: nil
        case .addMembers(let roomID, _), .removeMember(let roomID, _), .setRole(let roomID, _, _),
            .moveRead(let roomID, _):
            roomID
        }
    }

    /// The record's key: the roomId; for a new room the creator, for a direct one both people sorted and joined by
    /// `|`, so that whoever asks first, the requests of a pair meet in one partition.
    package func key(userID: String) -> [UInt8] {
        switch self {
        case .createRoom(let create) where create.kind == .direct:
            return Array(([userID] + create.userIDs).sorted(by: utf8Order).joined(separator: "|").utf8)
        case .createRoom: return Array(userID.utf8)
        default: return Array(String(roomID ?? 0).utf8)
        }
    }

    /// The record's value.
    package var value: [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        if let roomID {
            writer.key("roomId")
            writer.integer(roomID)
        }
        switch self {
        case .send(let send): send.write(into: &writer)
        case .createRoom(let create): create.write(into: &writer)
        case .addMembers(_, let userIDs): writer.strings("userIds", userIDs)
        case .removeMember(_, let userID): writer.member("userId", userID)
        case .setRole(_, let userID, let role):
            writer.member("userId", userID)
            writer.member("role", role.rawValue)
        case .moveRead(_, let seq): writer.member("seq", seq)
        }
        writer.endObject()
        return writer.bytes
    }

    /// Reads the value of a command of `type`. Throws `bad_request` or `invalid`, and what Validation throws: whoever
    /// writes to the topic is held to the same rules as a client of a front.
    package init(type: RecordType, value: JSONValue) throws(ChatError) {
        let fields = Fields(value)
        switch type {
        case .messageSend:
            self = .send(
                MessageSend(
                    roomID: try fields.integer("roomId"), message: try Validation.message(try fields.text("message")),
                    replyTo: try fields.optionalInteger("replyTo"),
                    mentions: try fields.userIDs("mentions", orEmpty: true)))
        case .roomCreate:
            guard let kind = RoomKind(rawValue: try fields.text("kind")) else {
                throw ChatError(.invalid, "kind is direct, group, open or announce.")
            }
            self = .createRoom(
                RoomCreate(
                    roomName: kind == .direct ? "" : try Validation.roomName(try fields.text("roomName")), kind: kind,
                    userIDs: try fields.userIDs("userIds", orEmpty: true),
                    operatorsOnly: try fields.optionalBool("operatorsOnly") ?? false))
        case .memberAdd:
            self = .addMembers(roomID: try fields.integer("roomId"), userIDs: try fields.userIDs("userIds"))
        case .memberRemove:
            self = .removeMember(roomID: try fields.integer("roomId"), userID: try fields.userID("userId"))
        case .memberRole:
            self = .setRole(
                roomID: try fields.integer("roomId"), userID: try fields.userID("userId"), role: try fields.role("role")
            )
        case .readMove:
            self = .moveRead(roomID: try fields.integer("roomId"), seq: try fields.integer("seq"))
        default:
            throw ChatError(.badRequest, "\(type.rawValue) is no command about a room.")
        }
    }
}

extension MessageSend {
    fileprivate func write(into writer: inout JSONWriter) {
        writer.member("message", message)
        if let replyTo { writer.member("replyTo", replyTo) }
        if !mentions.isEmpty { writer.strings("mentions", mentions) }
    }
}

extension RoomCreate {
    fileprivate func write(into writer: inout JSONWriter) {
        writer.member("roomName", roomName)
        writer.member("kind", kind.rawValue)
        writer.strings("userIds", userIDs)
        if operatorsOnly {
            writer.key("operatorsOnly")
            writer.bool(true)
        }
    }
}

/// Order by octets of UTF-8, the same in every language (Swift's own order is by canonical equivalence).
package func utf8Order(_ left: String, _ right: String) -> Bool { left.utf8.lexicographicallyPrecedes(right.utf8) }
