/// The headers of REQUEST and RESPONSE records (CONTRACT section 4), as text on the wire.
package struct RecordHeaders: Sendable, Equatable {
    /// What the record is; a type that is not known here stays text, so that it can be a dead letter.
    package var type: String
    /// The version of the value's form; 1 is the only one so far.
    package var version: Int
    /// Which request of which front's boot.
    package var correlationID: CorrelationID?
    /// Where the answer goes; REQUEST only.
    package var replyTo: ReplyTo?
    /// Who asks.
    package var userID: String?
    /// The id of the message or command.
    package var messageID: MessageID?
    /// When the author gives up, in milliseconds since 1970; REQUEST only.
    package var notAfterMilliseconds: Int64?
    /// Whether it came about; RESPONSE only.
    package var outcome: Outcome?
    /// The database's epoch; RESPONSE only.
    package var epoch: Int64?
    /// W3C trace context, passed through.
    package var traceparent: String?

    /// What became of a request.
    package enum Outcome: String, Sendable {
        case stored, refused
    }

    /// Headers of `type` with version 1 and nothing else.
    package init(type: String, version: Int = RecordHeaders.versionKnown) {
        self.type = type
        self.version = version
    }

    /// The version this code writes and reads.
    package static let versionKnown = 1
}

/// Where an answer goes: a front and the partition that it reads, `FRONT-ID/PARTITION`.
package struct ReplyTo: Sendable, Equatable, CustomStringConvertible {
    /// The name of the front.
    package let frontID: String
    /// The partition of the RESPONSE topic.
    package let partition: Int32

    /// The address of a front.
    package init(frontID: String, partition: Int32) {
        self.frontID = frontID
        self.partition = partition
    }

    /// Reads `FRONT-ID/PARTITION`; nil for anything else.
    package init?(_ text: String) {
        guard let slash = text.lastIndex(of: "/"), slash != text.startIndex,
            let partition = Decimal.natural(text[text.index(after: slash)...]).flatMap(Int32.init(exactly:))
        else { return nil }
        self.init(frontID: String(text[..<slash]), partition: partition)
    }

    /// `FRONT-ID/PARTITION`
    package var description: String { "\(frontID)/\(partition)" }

    /// The key of answers that are no facts. A colon is in no userId and no roomId, so that such an answer never
    /// takes a fact's place in a compacted topic.
    package var answerKey: [UInt8] { Array("reply:\(frontID)".utf8) }
}

extension RecordHeaders {
    /// Names of headers.
    package enum Name {
        /// What the record is, and the version of its form.
        package static let type = "type"
        package static let version = "version"
        /// Which request, and where its answer goes.
        package static let correlationID = "correlation-id"
        package static let replyTo = "reply-to"
        /// Who asks, under which id, and until when it counts.
        package static let userID = "user-id"
        package static let messageID = "message-id"
        package static let notAfter = "not-after"
        /// What came of it, in which epoch of the database.
        package static let outcome = "outcome"
        package static let epoch = "epoch"
        /// W3C trace context.
        package static let traceparent = "traceparent"
    }

    /// Name and value of each header that is there, in CONTRACT's order.
    package var pairs: [(name: String, value: String)] {
        var out: [(String, String)] = [(Name.type, type), (Name.version, String(version))]
        if let correlationID { out.append((Name.correlationID, correlationID.description)) }
        if let replyTo { out.append((Name.replyTo, replyTo.description)) }
        if let userID { out.append((Name.userID, userID)) }
        if let messageID { out.append((Name.messageID, messageID.description)) }
        if let notAfterMilliseconds { out.append((Name.notAfter, String(notAfterMilliseconds))) }
        if let outcome { out.append((Name.outcome, outcome.rawValue)) }
        if let epoch { out.append((Name.epoch, String(epoch))) }
        if let traceparent { out.append((Name.traceparent, traceparent)) }
        return out
    }

    /// Reads headers through `lookup` (the value of a name, nil where it is not there). Throws why the record is not
    /// one of ours: no type, a version that is not known, or a header that is not of its form.
    package init(lookup: (String) -> String?) throws(RecordDefect) {
        guard let type = lookup(Name.type) else { throw RecordDefect("no header type") }
        guard let version = lookup(Name.version), let number = Decimal.natural(version), number == Self.versionKnown
        else { throw RecordDefect("unknown version") }
        self.init(type: type)
        correlationID = try Self.parse(lookup(Name.correlationID), Name.correlationID) { text in
            var text = text
            return text.withUTF8 { CorrelationID(ascii: UnsafeRawBufferPointer($0)) }
        }
        replyTo = try Self.parse(lookup(Name.replyTo), Name.replyTo, ReplyTo.init)
        userID = lookup(Name.userID)
        messageID = try Self.parse(lookup(Name.messageID), Name.messageID) { MessageID($0) }
        notAfterMilliseconds = try Self.parse(lookup(Name.notAfter), Name.notAfter) { Decimal.natural($0) }
        outcome = try Self.parse(lookup(Name.outcome), Name.outcome, Outcome.init(rawValue:))
        epoch = try Self.parse(lookup(Name.epoch), Name.epoch) { Decimal.natural($0) }
        traceparent = lookup(Name.traceparent)
    }

    private static func parse<Value>(_ text: String?, _ name: String, _ read: (String) -> Value?) throws(RecordDefect)
        -> Value?
    {
        guard let text else { return nil }
        guard let value = read(text) else { throw RecordDefect("malformed header \(name)") }
        return value
    }
}

/// Why a record is not one of ours; it becomes the `dead-letter-reason`.
package struct RecordDefect: Error, Equatable, Sendable {
    /// A few words for an operator.
    package let reason: String

    /// A defect in a few words.
    package init(_ reason: String) { self.reason = reason }
}
