package import Chat

/// A record to be produced after the commit.
package struct OutgoingRecord: Sendable, Equatable {
    /// Where it goes.
    package var topic: Topic
    /// The partition of whoever asked; nil: murmur2 of the key decides.
    package var partition: Int32?
    /// What it holds.
    package var key: [UInt8]
    package var value: [UInt8]
    package var headers: RecordHeaders

    /// A record to be.
    package init(topic: Topic, partition: Int32? = nil, key: [UInt8], value: [UInt8], headers: RecordHeaders) {
        self.topic = topic
        self.partition = partition
        self.key = key
        self.value = value
        self.headers = headers
    }
}

/// What came of one incoming record.
package struct Applied: Sendable, Equatable {
    /// What is to be produced, in this order: facts, then answers. Empty for a question that came too late.
    package var records: [OutgoingRecord]
    /// Not nil: the record itself also goes to `kakao.chat.deadLetter`, with its own key, value and headers.
    package var deadLetterReason: String?

    /// What came of a record.
    package init(_ records: [OutgoingRecord] = [], deadLetterReason: String? = nil) {
        self.records = records
        self.deadLetterReason = deadLetterReason
    }
}
