package import Chat
import Crypto
import JSON

/// A command that is well formed; the database decides what comes of it.
package struct PlannedCommand: Sendable, Equatable {
    /// The record's place in its lane.
    package var offset: Int64
    /// Who commands.
    package var userID: String
    /// The id of the command.
    package var messageID: MessageID
    /// What is asked.
    package var command: Command
    /// For an id that is derived from an idempotency key: 16 octets of SHA-256 over the type, a line feed and the
    /// value, so that the same key with another content is found out.
    package var requestHash: [UInt8]?
    /// Whether its `not-after` has passed.
    package var isOverdue: Bool
    /// Whether the database cannot keep it: then only its refusal is kept.
    package var isPoison = false
    /// The record's headers and key, for the answer.
    package var headers: RecordHeaders
    package var key: [UInt8]
}

/// What a record of chatMessage.REQUEST turned out to be.
package enum DecodedCommand: Sendable, Equatable {
    case planned(PlannedCommand)
    /// Nothing for the database: a dead letter, with a refusal for its author where the headers name one.
    case done(Applied)
}

/// Reads records of chatMessage.REQUEST.
package enum CommandDecoder {
    /// What `record` is at `nowMilliseconds`; never fails. `epoch`: of the database, for refusals.
    package static func decode(_ record: IncomingRecord, nowMilliseconds: Int64, epoch: Int64) -> DecodedCommand {
        let headers: RecordHeaders
        switch record.headers {
        case .success(let ours): headers = ours
        case .failure(let defect): return .done(Applied(deadLetterReason: defect.reason))
        }
        guard let type = RecordType(rawValue: headers.type), type.topic == .chatMessageRequest else {
            return .done(Applied(deadLetterReason: "unknown type"))
        }
        guard let userID = headers.userID, let messageID = headers.messageID else {
            return .done(Applied(deadLetterReason: "no header user-id or message-id"))
        }
        do throws(ChatError) {
            guard let value = record.value else { throw ChatError(.badRequest, "The record has no value.") }
            let command = try Command(type: type, value: try json(value))
            let plan = PlannedCommand(
                offset: record.offset, userID: try Validation.userID(userID), messageID: messageID, command: command,
                requestHash: messageID.version == 8 ? requestHash(type: headers.type, value: value) : nil,
                isOverdue: headers.isOverdue(record, nowMilliseconds: nowMilliseconds), isPoison: false,
                headers: headers, key: record.key)
            return .planned(plan)
        } catch {
            let refusal = OutgoingRecord.refusal(
                error, to: headers, key: record.key, topic: .chatMessageResponse, epoch: epoch)
            return .done(Applied([refusal], deadLetterReason: error.description))
        }
    }

    /// What an idempotency key is bound to.
    static func requestHash(type: String, value: [UInt8]) -> [UInt8] {
        Array(SHA256.hash(Array(type.utf8) + [0x0A] + value).prefix(16))
    }
}

/// The JSON object in `value`. Throws `bad_request`.
func json(_ value: [UInt8]) throws(ChatError) -> JSONValue {
    do {
        return try JSONParser.parse(value, depthMax: Limits.jsonDepthMax)
    } catch {
        throw ChatError(.badRequest, "The value is \(error.description).")
    }
}

extension RecordHeaders {
    /// Whether the author has given up: by the log's own append time or by the clock (GUARANTEES, rule 8).
    func isOverdue(_ record: IncomingRecord, nowMilliseconds: Int64) -> Bool {
        guard let notAfterMilliseconds else { return false }
        return max(record.appendedAtMilliseconds ?? 0, nowMilliseconds) > notAfterMilliseconds
    }

    /// The headers of a RESPONSE to this request.
    func response(
        type: String? = nil, outcome: Outcome, messageID: MessageID? = nil, epoch: Int64
    ) -> RecordHeaders {
        var response = RecordHeaders(type: type ?? self.type)
        response.correlationID = correlationID
        response.userID = userID
        response.messageID = messageID ?? self.messageID
        response.outcome = outcome
        response.epoch = epoch
        response.traceparent = traceparent
        return response
    }
}

extension OutgoingRecord {
    /// A refusal, under the key of the request and to everyone (chatMessage).
    static func refusal(
        _ error: ChatError, to request: RecordHeaders, key: [UInt8], topic: Topic, epoch: Int64
    ) -> OutgoingRecord {
        OutgoingRecord(
            topic: topic, key: key, value: error.json, headers: request.response(outcome: .refused, epoch: epoch))
    }

    /// An answer that is no fact, to the front that asked; nil where nobody is named. It stands under a key of its own,
    /// so that it takes no fact's place in a compacted topic.
    package static func answer(
        _ value: [UInt8], outcome: RecordHeaders.Outcome = .stored, to request: RecordHeaders, topic: Topic,
        epoch: Int64
    ) -> OutgoingRecord? {
        guard let replyTo = request.replyTo else { return nil }
        return OutgoingRecord(
            topic: topic, partition: replyTo.partition, key: replyTo.answerKey, value: value,
            headers: request.response(outcome: outcome, epoch: epoch))
    }
}
