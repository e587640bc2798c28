import Kafka
import Synchronization
import TestSupport
import Testing

/// A Kafka for one test, and what all of them do with it.
final class Harness {
    let configuration: KafkaConfiguration
    let embedded: EmbeddedKafka?
    let reports = Reports()

    /// With the embedded broker.
    init(topics: [String: Int]) throws {
        let kafka = try EmbeddedKafka()
        for (name, partitions) in topics { try kafka.createTopic(name, partitions: partitions) }
        embedded = kafka
        var configuration = KafkaConfiguration(bootstrap: kafka.bootstrap, clientID: "test")
        configuration.isEmbedded = true
        self.configuration = configuration
    }

    /// With a real one.
    init(bootstrap: String, topics: [KafkaAdmin.NewTopic]) throws {
        embedded = nil
        configuration = KafkaConfiguration(bootstrap: bootstrap, clientID: "test")
        let admin = try KafkaAdmin(configuration)
        for (name, error) in try admin.createTopics(topics) { #expect(error == nil, "\(name)") }
    }

    func producer(_ options: KafkaProducerOptions = .init()) throws -> KafkaProducer {
        let reports = reports
        return try KafkaProducer(configuration, options: options) { reports.add(Array($0)) }
    }

    /// The values of `count` records read from the beginning of the partitions.
    func read(_ partitions: [KafkaPosition], count: Int) throws -> [Record] {
        let consumer = try KafkaConsumer(configuration)
        defer { consumer.close(deadlineMilliseconds: 1_000) }
        try consumer.assign(partitions)
        var records: [Record] = []
        try waitUntil("\(count) records") {
            let events = consumer.poll(countMax: 1_000) { batch in
                for index in 0..<batch.count { records.append(Record(batch[index])) }
            }
            for event in events { if case .partitionFailed(let error, _, _) = event { throw error } }
            if records.count < count { consumer.wait() }
            return records.count >= count
        }
        return records
    }
}

/// A record, copied.
struct Record: Equatable {
    var topic: String
    var partition: Int32
    var offset: Int64
    var key: String?
    var value: String?
    var type: String?

    init(_ message: KafkaMessage) {
        topic = message.topic
        partition = message.partition
        offset = message.offset
        key = message.key.map { String(decoding: $0, as: UTF8.self) }
        value = message.value.map { String(decoding: $0, as: UTF8.self) }
        type = message.header("type").map { String(decoding: $0, as: UTF8.self) }
    }
}

/// The delivery reports of a producer.
final class Reports: Sendable {
    private let state = Mutex<[KafkaDelivery]>([])
    func add(_ more: [KafkaDelivery]) { state.withLock { $0 += more } }
    var all: [KafkaDelivery] { state.withLock { $0 } }
}

struct TimedOut: Error { let what: String }

/// Waits for a condition, at most 30 s.
func waitUntil(_ what: String, _ condition: () throws -> Bool) throws {
    guard try Deadline.wait(seconds: 30, until: condition) else { throw TimedOut(what: what) }
}
