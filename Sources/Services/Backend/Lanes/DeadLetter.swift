internal import Chat
internal import Kafka

/// A record nobody can process, and why (CONTRACT section 4).
struct DeadLetter {
    let key: [UInt8]
    let value: [UInt8]?
    let headers: KafkaHeaders
    let reason: String
    let topic: Topic
    let partition: Int32
    let offset: Int64
    let atMilliseconds: Int64

    /// The record's own headers, then ours.
    var allHeaders: KafkaHeaders {
        var all = headers
        all.append("dead-letter-reason", reason)
        all.append("dead-letter-topic", topic.rawValue)
        all.append("dead-letter-partition", String(partition))
        all.append("dead-letter-offset", String(offset))
        all.append("dead-letter-time", Timestamp.text(milliseconds: atMilliseconds))
        return all
    }
}
