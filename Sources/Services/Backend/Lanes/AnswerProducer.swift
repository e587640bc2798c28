internal import BackendCore
internal import Chat
internal import Kafka
internal import Synchronization

/// The producer that all lanes and question threads share. A token's upper 16 bits say whose report it is, the rest
/// which batch.
final class AnswerProducer: Sendable {
    private static let batchBits: UInt64 = 48
    /// Whoever does not wait for reports.
    static let nobody: UInt64 = 0xFFFF

    private final class Switchboard: Sendable {
        let inboxes = Mutex<[DeliveryInbox]>([])
        let failures = Atomic<Int>(0)

        func deliver(_ deliveries: UnsafeBufferPointer<KafkaDelivery>) {
            let inboxes = inboxes.withLock { $0 }
            var touched: Set<Int> = []
            for delivery in deliveries {
                if delivery.error != nil { failures.wrappingAdd(1, ordering: .relaxed) }
                let owner = Int(delivery.token >> AnswerProducer.batchBits)
                guard owner < inboxes.count else { continue }
                let batch = delivery.token & ((1 << AnswerProducer.batchBits) - 1)
                inboxes[owner].add(batch: batch, failed: delivery.error)
                touched.insert(owner)
            }
            for owner in touched { inboxes[owner].wake() }
        }
    }

    private let switchboard = Switchboard()
    let producer: KafkaProducer
    private let topics: [Topic: KafkaTopic]

    /// Starts it; waits for the metadata of every topic it writes to. Throws where Kafka or a topic is not there.
    init(_ configuration: KafkaConfiguration) throws(KafkaError) {
        let options = KafkaProducerOptions(messageTimeoutMilliseconds: 60_000)
        let switchboard = switchboard
        producer = try KafkaProducer(configuration, options: options) { switchboard.deliver($0) }
        let written = Topic.allCases.filter { topic in
            ![.chatMessageRequest, .chatRoomRequest, .userRequest, .friendRequest].contains(topic)
        }
        do throws(KafkaError) {
            try producer.prepare(written.map(\.rawValue))
            var topics: [Topic: KafkaTopic] = [:]
            for topic in written { topics[topic] = try producer.topic(topic.rawValue) }
            self.topics = topics
        } catch {
            producer.close(deadlineMilliseconds: 0)
            throw error
        }
    }

    /// Answers that never got into the log, as far as is known.
    var failureCount: Int { switchboard.failures.load(ordering: .relaxed) }

    /// Gives an inbox the number its tokens begin with.
    func register(_ inbox: DeliveryInbox) -> UInt64 {
        switchboard.inboxes.withLock { inboxes in
            inboxes.append(inbox)
            return UInt64(inboxes.count - 1)
        }
    }

    /// Hands a record over. `headers` is scratch space. Throws `queueFull` and what else librdkafka refuses at once.
    func produce(
        _ record: OutgoingRecord, owner: UInt64, batch: UInt64, headers: inout KafkaHeaders
    ) throws(KafkaError) {
        guard let topic = topics[record.topic] else { return }
        headers.removeAll()
        for (name, value) in record.headers.pairs { headers.append(name: name, value: value) }
        try produce(
            topic, partition: record.partition, key: record.key, value: record.value, headers: headers,
            token: owner << Self.batchBits | batch)
    }

    /// Hands a dead letter over: the record as it came, and why it is one.
    func produce(_ letter: DeadLetter, owner: UInt64, batch: UInt64) throws(KafkaError) {
        guard let topic = topics[.deadLetter] else { return }
        try produce(
            topic, partition: nil, key: letter.key, value: letter.value, headers: letter.allHeaders,
            token: owner << Self.batchBits | batch)
    }

    private func produce(
        _ topic: KafkaTopic, partition: Int32?, key: [UInt8], value: [UInt8]?, headers: borrowing KafkaHeaders,
        token: UInt64
    ) throws(KafkaError) {
        try producer.produce(
            to: topic, partition: partition, key: key, value: value, headers: headers, token: token)
    }

    func close(deadlineMilliseconds: Int) { producer.close(deadlineMilliseconds: deadlineMilliseconds) }
}
