internal import CKafka
internal import Synchronization

/// The thread behind a producer: it waits on the producer's queue and tells what comes.
final class KafkaProducerReports: Sendable {
    /// Queues may be used by any thread; destroyed by the producer after this thread has ended.
    nonisolated(unsafe) let queue: OpaquePointer
    nonisolated(unsafe) private let handle: OpaquePointer
    /// Only its constants are read, by this thread.
    nonisolated(unsafe) private let ears: KafkaHandle.Ears
    private let onDelivery: KafkaProducer.OnDelivery
    private let isStopping = Atomic<Bool>(false)

    init(
        queue: OpaquePointer, handle: OpaquePointer, ears: KafkaHandle.Ears,
        onDelivery: @escaping KafkaProducer.OnDelivery
    ) {
        self.queue = queue
        self.handle = handle
        self.ears = ears
        self.onDelivery = onDelivery
    }

    /// Lets `run` return soon.
    func stop() {
        isStopping.store(true, ordering: .releasing)
        rd_kafka_queue_yield(queue)
    }

    /// Tells everything that comes until `stop`; what is in the queue by then is still told.
    func run() {
        var deliveries: [KafkaDelivery] = []
        var running = true
        while running {
            let stopping = isStopping.load(ordering: .acquiring)
            // The queue's condition variable wakes this thread; the timeout is only a safety timer.
            if let event = rd_kafka_queue_poll(queue, stopping ? 0 : 100) {
                tell(event, &deliveries)
                rd_kafka_event_destroy(event)
            } else if stopping {
                running = false
            }
        }
    }

    private func tell(_ event: OpaquePointer, _ deliveries: inout [KafkaDelivery]) {
        switch rd_kafka_event_type(event) {
        case RD_KAFKA_EVENT_DR:
            deliveries.removeAll(keepingCapacity: true)
            while let message = rd_kafka_event_message_next(event) { deliveries.append(Self.delivery(message)) }
            deliveries.withUnsafeBufferPointer(onDelivery)
        case RD_KAFKA_EVENT_LOG:
            var (facility, text, level): (UnsafePointer<CChar>?, UnsafePointer<CChar>?, Int32) = (nil, nil, 0)
            guard rd_kafka_event_log(event, &facility, &text, &level) == 0 else { return }
            ears.log(level: level, facility: facility, text: text)
        case RD_KAFKA_EVENT_STATS:
            if let onStatistics = ears.onStatistics, let text = rd_kafka_event_stats(event) {
                onStatistics(String(cString: text))
            }
        case RD_KAFKA_EVENT_ERROR:
            ears.log(level: 3, facility: "ERROR", text: rd_kafka_event_error_string(event))
        default: break
        }
    }

    private static func delivery(_ message: UnsafePointer<rd_kafka_message_t>) -> KafkaDelivery {
        let fields = message.pointee
        let error = fields.err == RD_KAFKA_RESP_ERR_NO_ERROR ? nil : KafkaError(fields.err)
        return KafkaDelivery(
            token: UInt64(UInt(bitPattern: fields._private)), error: error,
            isPossiblyPersisted: error != nil
                && rd_kafka_message_status(message) != RD_KAFKA_MSG_STATUS_NOT_PERSISTED,
            partition: fields.partition, offset: error == nil ? fields.offset : -1)
    }
}
