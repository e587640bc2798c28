/// A place in the log: what is read next, or what is committed.
package struct KafkaPosition: Sendable, Hashable {
    /// Where.
    package var topic: String
    package var partition: Int32
    package var offset: Int64

    /// A place in the log; nothing is checked.
    package init(topic: String, partition: Int32, offset: Int64 = Self.unknown) {
        self.topic = topic
        self.partition = partition
        self.offset = offset
    }

    /// The oldest record that is there (RD_KAFKA_OFFSET_BEGINNING).
    package static let beginning: Int64 = -2
    /// What comes next; records that come while the consumer finds out are skipped (RD_KAFKA_OFFSET_END).
    package static let end: Int64 = -1
    /// No offset (RD_KAFKA_OFFSET_INVALID).
    package static let unknown: Int64 = -1001
}
