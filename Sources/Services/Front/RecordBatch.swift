import Chat

/// Records of one poll, copied once and then read by every reactor: one stretch of octets and where things lie in it.
final class RecordBatch: Sendable {
    let octets: [UInt8]
    let entries: [Entry]

    init(octets: [UInt8], entries: [Entry]) {
        self.octets = octets
        self.entries = entries
    }

    /// One record.
    struct Entry: Sendable {
        let topic: Topic
        let key: Range<Int>
        let value: Range<Int>
        /// Whether there is a value at all; a tombstone has none.
        let hasValue: Bool
        /// The database's epoch, 1 where the record does not say.
        let epoch: Int64
        /// What this boot of this front asked; nil for records that answer somebody else.
        let answer: AnswerHead?
        /// Whether it refuses: no fact, then.
        let isRefused: Bool
    }

    /// Which request a record answers.
    struct AnswerHead: Sendable {
        let counter: UInt64
        let messageID: MessageID?
        let type: String
    }

    /// Calls `body` with key and value of `entry`.
    func with(_ entry: Entry, _ body: (_ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) -> Void) {
        octets.withUnsafeBytes { raw in
            body(UnsafeRawBufferPointer(rebasing: raw[entry.key]), UnsafeRawBufferPointer(rebasing: raw[entry.value]))
        }
    }
}
