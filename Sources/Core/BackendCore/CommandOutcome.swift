package import Chat
import JSON

/// One row of what the database made of a command.
package struct CommandOutcome: Sendable, Equatable {
    /// The numbers that the database's function gives.
    package enum Kind: Int16, Sendable {
        /// An event with a seq.
        case event = 0
        case refused = 1
        /// Nothing changed.
        case unchanged = 2
        case roomMade = 3
        /// A read position moved to `seq`.
        case readMoved = 4
    }

    /// What it is, where, with which seq, and when.
    package var kind: Kind
    package var roomID: RoomID
    package var seq: Seq?
    package var atMilliseconds: Int64
    /// JSON with the rest; nil for an event that is as its command says.
    package var detail: [UInt8]?

    /// One row.
    package init(kind: Kind, roomID: RoomID, seq: Seq? = nil, atMilliseconds: Int64 = 0, detail: [UInt8]? = nil) {
        self.kind = kind
        self.roomID = roomID
        self.seq = seq
        self.atMilliseconds = atMilliseconds
        self.detail = detail
    }
}

extension PlannedCommand {
    /// The records that tell what came of the command, in order; the same for the same outcomes, byte for byte.
    package func answer(_ outcomes: [CommandOutcome], epoch: Int64) -> Applied {
        do throws(ChatError) {
            var records: [OutgoingRecord] = []
            records.reserveCapacity(outcomes.count)
            for outcome in outcomes { records.append(try record(outcome, epoch: epoch)) }
            guard !records.isEmpty else { throw ChatError(.internal, "The database gave no outcome.") }
            let isPoison =
                outcomes.contains { $0.kind == .refused } && records.contains { $0.value == Self.poison.json }
            return Applied(records, deadLetterReason: isPoison ? Self.poison.message : nil)
        } catch {
            return refused(error, epoch: epoch)
        }
    }

    /// A refusal of the command.
    package func refused(_ error: ChatError, deadLetterReason: String? = nil, epoch: Int64) -> Applied {
        let refusal = OutgoingRecord.refusal(
            error, to: headers, key: key, topic: .chatMessageResponse, epoch: epoch)
        return Applied([refusal], deadLetterReason: deadLetterReason)
    }

    /// What the author of poison is told, and the reason of its dead letter; the database keeps the same words.
    package static let poison = ChatError(.invalid, "The database cannot keep this.")

    private func record(_ outcome: CommandOutcome, epoch: Int64) throws(ChatError) -> OutgoingRecord {
        switch outcome.kind {
        case .event: return try fact(outcome, epoch: epoch)
        case .refused:
            let fields = Fields(try json(outcome.detail ?? []))
            let code = ChatError.Code(rawValue: try fields.text("code")) ?? .internal
            let error = code == .notAMember ? .notAMember : ChatError(code, try fields.text("message"))
            return OutgoingRecord.refusal(error, to: headers, key: key, topic: .chatMessageResponse, epoch: epoch)
        case .unchanged: return stored(unchanged(outcome), outcome.roomID, type: nil, messageID: messageID, epoch)
        case .roomMade: return stored(try roomMade(outcome), outcome.roomID, type: nil, messageID: messageID, epoch)
        case .readMoved: return stored(try readMoved(outcome), outcome.roomID, type: nil, messageID: messageID, epoch)
        }
    }

    private func stored(
        _ value: [UInt8], _ roomID: RoomID, type: String?, messageID: MessageID, _ epoch: Int64
    ) -> OutgoingRecord {
        OutgoingRecord(
            topic: .chatMessageResponse, key: Array(String(roomID).utf8), value: value,
            headers: headers.response(type: type, outcome: .stored, messageID: messageID, epoch: epoch))
    }

    private func fact(_ outcome: CommandOutcome, epoch: Int64) throws(ChatError) -> OutgoingRecord {
        guard let seq = outcome.seq else { throw ChatError(.internal, "An event without a seq.") }
        let event: Event
        if let detail = outcome.detail {
            event = try Event(
                roomID: outcome.roomID, seq: seq, createdAtMilliseconds: outcome.atMilliseconds,
                stored: try json(detail))
        } else if case .send(let send) = command {
            event = Event(
                roomID: send.roomID, seq: seq, messageID: messageID, userID: userID,
                createdAtMilliseconds: outcome.atMilliseconds,
                content: .message(text: send.message, replyTo: send.replyTo, mentions: send.mentions))
        } else {
            throw ChatError(.internal, "An event without its content.")
        }
        return stored(
            event.json, event.roomID, type: event.content.type.factType, messageID: event.messageID, epoch)
    }

    private func unchanged(_ outcome: CommandOutcome) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("roomId", outcome.roomID)
        // Of read.move alone the database gives the position where it stands.
        if case .moveRead = command, let seq = outcome.seq { writer.member("lastReadSeq", seq) }
        writer.endObject()
        return writer.bytes
    }

    private func readMoved(_ outcome: CommandOutcome) throws(ChatError) -> [UInt8] {
        guard let to = outcome.seq, let detail = outcome.detail,
            let from = Decimal.natural(String(decoding: detail, as: UTF8.self))
        else { throw ChatError(.internal, "A read position without numbers.") }
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("type", "READ")
        writer.member("roomId", outcome.roomID)
        writer.member("userId", userID)
        writer.member("lastReadSeq", to)
        writer.member("previousReadSeq", from)
        writer.endObject()
        return writer.bytes
    }

    private func roomMade(_ outcome: CommandOutcome) throws(ChatError) -> [UInt8] {
        let fields = Fields(try json(outcome.detail ?? []))
        let kind = try fields.text("kind")
        let members = try fields.userIDs("members")
        let ownerID = kind == RoomKind.direct.rawValue ? nil : members.first
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("roomId", outcome.roomID)
        writer.member("roomName", try fields.text("roomName"))
        writer.member("kind", kind)
        writer.key("operatorsOnly")
        writer.bool(try fields.optionalBool("operatorsOnly") ?? false)
        writer.member("ownerId", orNull: ownerID)
        writer.key("members")
        writer.beginArray()
        for member in members {
            writer.beginObject()
            writer.member("userId", member)
            writer.member("role", member == ownerID ? Role.owner.rawValue : Role.member.rawValue)
            writer.endObject()
        }
        writer.endArray()
        writer.member("createdAt", Timestamp.text(milliseconds: outcome.atMilliseconds))
        writer.endObject()
        return writer.bytes
    }
}

extension Event {
    /// An event as the database tells it.
    init(roomID: RoomID, seq: Seq, createdAtMilliseconds: Int64, stored value: JSONValue) throws(ChatError) {
        let fields = Fields(value)
        guard let type = EventType(rawValue: try fields.text("type")),
            let messageID = MessageID(try fields.text("messageId"))
        else { throw ChatError(.internal, "An event of an unknown type.") }
        let content: Content
        switch type {
        case .message:
            content = .message(
                text: try fields.optionalText("message") ?? "", replyTo: try fields.optionalInteger("replyTo"),
                mentions: (try fields.field("mentions")?.array ?? []).compactMap(\.string))
        case .join: content = .join(targetID: try fields.text("targetId"), targetName: nil)
        case .leave: content = .leave(targetID: try fields.text("targetId"), targetName: nil)
        case .role:
            content = .role(targetID: try fields.text("targetId"), targetName: nil, role: try fields.role("role"))
        case .close: content = .close
        }
        self.init(
            roomID: roomID, seq: seq, messageID: messageID, userID: try fields.text("userId"),
            createdAtMilliseconds: createdAtMilliseconds, content: content)
    }
}

extension EventType {
    /// The header `type` of a fact, whatever command it came of.
    var factType: String {
        switch self {
        case .message: RecordType.messageSend.rawValue
        case .join: RecordType.memberAdd.rawValue
        case .leave: RecordType.memberRemove.rawValue
        case .role: RecordType.memberRole.rawValue
        case .close: "room.close"
        }
    }
}
