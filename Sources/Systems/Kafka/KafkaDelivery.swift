/// What became of one produced message.
package struct KafkaDelivery: Sendable {
    /// What `produce` was given.
    package let token: UInt64
    /// nil: it is in the log, on every in-sync replica.
    package let error: KafkaError?
    /// Whether it may be in the log in spite of the error: it was sent and the answer never came.
    package let isPossiblyPersisted: Bool
    package let partition: Int32
    /// Its place in the log; -1 where that is not known.
    package let offset: Int64
}
