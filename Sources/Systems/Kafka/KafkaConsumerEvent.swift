/// What befell a consumer, beside records. Told between two batches, on the thread that polls.
package enum KafkaConsumerEvent: Sendable {
    /// The group gave these partitions to this member. It waits for `assign` with the offsets to start at.
    case assigned([KafkaPosition])
    /// The group takes everything back. It waits for `unassign`; `isLost`: others may have the partitions already.
    case revoked([KafkaPosition], isLost: Bool)
    /// A commit was refused.
    case commitFailed(KafkaError)
    /// A partition cannot be read on: `noOffset`, `offsetOutOfRange`, `unknownTopicOrPartition` …
    case partitionFailed(KafkaError, topic: String, partition: Int32)
    /// Something else; librdkafka goes on by itself unless it is fatal.
    case failed(KafkaError)
}
