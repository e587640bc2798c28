import Chat
import Kafka
import Linux
import Logging
import Synchronization

/// The front's link to the log: one producer for all reactors, and one thread that reads RESPONSE topics and hands
/// every reactor the same batches.
final class FrontLog: Sendable {
    let configuration: KafkaConfiguration
    let boot: MessageID
    let logger: Logger
    private let producer: KafkaProducer
    private let topics: [Topic: KafkaTopic]
    let isRunning = Atomic<Bool>(true)
    private let state = Mutex(State())

    private struct State: Sendable {
        var thread: NativeThread?
        var waker: KafkaWaker?
        var trouble: String?
    }

    /// What reactors are told, on the reading thread.
    struct Listener: Sendable {
        let batch: @Sendable (RecordBatch) -> Void
        /// Records were lost to retention before they could be read: every room must look at history.
        let gap: @Sendable () -> Void
    }

    /// Starts the producer and fetches what it must know of its topics, so that the first message does not wait.
    /// Throws where a setting is refused or a topic is not there.
    init(
        _ configuration: KafkaConfiguration, boot: MessageID, logger: Logger, failed: @escaping Listener.Failed
    ) throws(KafkaError) {
        self.configuration = configuration
        self.boot = boot
        self.logger = logger
        producer = try KafkaProducer(configuration, options: KafkaProducerOptions(messageTimeoutMilliseconds: 10_000)) {
            for delivery in $0 {
                if delivery.error != nil { failed(delivery.token, delivery.isPossiblyPersisted) }
            }
        }
        let requests: [Topic] = [.chatMessageRequest, .chatRoomRequest, .userRequest]
        try producer.prepare(requests.map(\.rawValue))
        var topics: [Topic: KafkaTopic] = [:]
        for topic in requests { topics[topic] = try producer.topic(topic.rawValue) }
        self.topics = topics
    }

    /// Appends a request. Throws `queueFull` and what else librdkafka refuses at once.
    func produce(
        topic: Topic, key: [UInt8], headers: borrowing KafkaHeaders, value: [UInt8], counter: UInt64
    ) throws(KafkaError) {
        guard let handle = topics[topic] else { return }
        try producer.produce(to: handle, key: key, value: value, headers: headers, token: counter)
    }

    /// Whether a broker answers within two seconds. Waits.
    func isReachable() -> Bool { producer.isReachable(deadlineMilliseconds: 2000) }

    /// Why the log cannot be read at present, nil where it can.
    var trouble: String? { state.withLock { $0.trouble } }

    func noteTrouble(_ trouble: String?) { state.withLock { $0.trouble = trouble } }

    func setWaker(_ waker: KafkaWaker) { state.withLock { $0.waker = waker } }

    func setThread(_ thread: NativeThread) { state.withLock { $0.thread = thread } }

    /// Stops reading, then lets the producer finish for at most two seconds.
    func close() {
        isRunning.store(false, ordering: .releasing)
        let (thread, waker) = state.withLock { ($0.thread.take(), $0.waker) }
        waker?.wake()
        thread?.join()
        producer.close(deadlineMilliseconds: 2000)
    }
}

extension FrontLog.Listener {
    typealias Failed = @Sendable (_ counter: UInt64, _ maybe: Bool) -> Void
}
