import Chat
import JSON

/// The answer to `room.enter`: one may see the room, and this is where it stands.
struct EnterAnswer: Sendable, Equatable {
    let roomID: RoomID
    /// Empty for direct rooms.
    let roomName: String
    let kind: RoomKind
    /// Whether only operators see it.
    let operatorsOnly: Bool
    /// The asker's role; nil: no member (an open room, or an operator).
    let role: Role?
    /// Whether the asker wants no notices of it.
    let muted: Bool
    /// The seq of its newest event, 0 before the first.
    let lastSeq: Seq
    /// How far the asker has read.
    let lastReadSeq: Seq
    /// The epoch of the database.
    let epoch: Int64

    /// Reads the answer. Throws `internal` where a backend says something else.
    init(_ answer: Answer) throws(ChatError) {
        let fields = try Fields(answer: answer)
        do {
            guard let kind = RoomKind(rawValue: try fields.text("kind")) else { throw ChatError.unreadableAnswer }
            roomID = try fields.integer("roomId")
            roomName = try fields.optionalText("roomName") ?? ""
            self.kind = kind
            operatorsOnly = try fields.optionalBool("operatorsOnly") ?? false
            role = try fields.optionalText("role").flatMap(Role.init(rawValue:))
            muted = try fields.optionalBool("muted") ?? false
            lastSeq = try fields.integer("lastSeq")
            lastReadSeq = try fields.optionalInteger("lastReadSeq") ?? 0
            epoch = try fields.optionalInteger("epoch") ?? answer.epoch
        } catch {
            throw .unreadableAnswer
        }
    }
}

extension ChatError {
    /// A backend answered something this front does not understand.
    static let unreadableAnswer = ChatError(.internal, "The backend's answer cannot be read.")
}

extension Fields {
    /// The fields of an answer's value. Throws `internal` where it is no object.
    init(answer: Answer) throws(ChatError) {
        let value: JSONValue
        do {
            value = try JSONParser.parse(answer.value, depthMax: 64)
        } catch {
            throw .unreadableAnswer
        }
        guard value.members != nil else { throw .unreadableAnswer }
        self.init(value)
    }
}
