import Chat
import JSON
import Stomp

/// What the body of a SEND asks for.
enum StompSaying {
    case say(MessageSend)
    case enter(RoomID)
    case read(RoomID, Seq)

    /// The room it is about.
    var roomID: RoomID {
        switch self {
        case .say(let message): message.roomID
        case .enter(let roomID), .read(let roomID, _): roomID
        }
    }

    /// Reads the body as the destination has it: `text/plain` is the text where the destination names the room,
    /// everything else is a JSON object, whatever its content-type. Throws `bad_request`, `invalid`, `too_large`.
    init(_ frame: StompFrameView, place: StompPlace) throws(ChatError) {
        let dialect = place.dialect
        if case .say = dialect.meaning, case .path = dialect.room, try StompSaying.isPlainText(frame) {
            guard let text = String(validating: frame.body, as: UTF8.self) else {
                throw ChatError(.badRequest, "The text is not UTF-8.")
            }
            self = .say(MessageSend(roomID: place.roomID, message: try Validation.message(text)))
            return
        }
        let fields = try Fields(json: frame.body)
        let roomID = try StompSaying.roomID(fields, place)
        switch dialect.meaning {
        case .say(let texts): self = try .say(StompSaying.message(fields, texts, roomID))
        case .byType: self = try StompSaying.byType(fields, roomID)
        case .enter: self = .enter(roomID)
        case .read: self = .read(roomID, try fields.integer("seq"))
        case .events, .errors, .notifications: throw ChatError(.notFound, "There is no such destination.")
        }
    }

    /// Whether the content-type is `text/plain` (RFC 9110 §8.3.1). Throws `invalid` for charsets that are not UTF-8.
    private static func isPlainText(_ frame: StompFrameView) throws(ChatError) -> Bool {
        guard let value = frame.value("content-type"), value.count >= 10 else { return false }
        // The two spellings that clients send need no String.
        if value.elementsEqual("text/plain".utf8) || value.elementsEqual("text/plain;charset=utf-8".utf8) {
            return true
        }
        let parts = String(decoding: value, as: UTF8.self).lowercased().split(separator: ";").map(trimmed)
        guard parts.first == "text/plain" else { return false }
        for part in parts.dropFirst() where part.hasPrefix("charset=") {
            let charset = part.dropFirst("charset=".count).filter { $0 != "\"" }
            guard ["utf-8", "utf8", "us-ascii"].contains(charset) else {
                throw ChatError(.invalid, "A text is in UTF-8.")
            }
        }
        return true
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text
        while text.first == " " { text.removeFirst() }
        while text.last == " " { text.removeLast() }
        return text
    }

    /// A room in a body is a number or a decimal string.
    private static func roomID(_ fields: Fields, _ place: StompPlace) throws(ChatError) -> RoomID {
        guard case .body(let name) = place.dialect.room else { return place.roomID }
        guard let field = try fields.field(name) else { throw ChatError(.invalid, "\(name) is missing.") }
        if let number = field.integer, number >= 0 { return number }
        if let number = field.string.flatMap({ Decimal.natural($0) }) { return number }
        throw ChatError(.invalid, "\(name) is no number of a room.")
    }

    private static func message(_ fields: Fields, _ texts: [String], _ roomID: RoomID) throws(ChatError)
        -> MessageSend
    {
        for name in texts {
            guard let text = try fields.optionalText(name) else { continue }
            return MessageSend(
                roomID: roomID, message: try Validation.message(text), replyTo: try fields.optionalInteger("replyTo"),
                mentions: try fields.userIDs("mentions", orEmpty: true))
        }
        throw ChatError(.invalid, "\(texts.joined(separator: " or ")) is missing.")
    }

    private static func byType(_ fields: Fields, _ roomID: RoomID) throws(ChatError) -> StompSaying {
        switch try fields.optionalText("type") {
        case nil, "MESSAGE", "TALK": .say(try message(fields, ["message"], roomID))
        case "ENTER": .enter(roomID)
        default: throw ChatError(.invalid, "type is MESSAGE, TALK or ENTER.")
        }
    }
}
