internal import CKafka
internal import Synchronization

/// Sends records. Every method may be called from any thread; `produce` never waits.
package final class KafkaProducer: Sendable {
    /// Gets delivery reports in the batches in which they came, on the producer's own thread. The buffer is valid
    /// during the call. It must not call `close`.
    package typealias OnDelivery = @Sendable (UnsafeBufferPointer<KafkaDelivery>) -> Void

    /// An instance of librdkafka may be used by any thread. It lives until `close`, after which nobody may produce.
    nonisolated(unsafe) private let handle: OpaquePointer
    private let state: Mutex<State>
    private let reports: KafkaProducerReports

    // The thread object is a number that is only touched under the mutex.
    private struct State: @unchecked Sendable {
        var thread: KafkaThread?
        var topics: [String: KafkaTopic] = [:]
    }

    /// Starts a producer and the thread that takes its delivery reports. It does not wait for a broker.
    /// Throws `invalid` for a setting librdkafka does not take.
    package init(
        _ configuration: KafkaConfiguration, options: KafkaProducerOptions = KafkaProducerOptions(),
        onDelivery: @escaping OnDelivery
    ) throws(KafkaError) {
        let ears = KafkaHandle.Ears(configuration)
        let handle = try KafkaHandle.make(RD_KAFKA_PRODUCER, configuration.producerSettings(options), ears: ears) {
            rd_kafka_conf_set_events(
                $0, RD_KAFKA_EVENT_DR | RD_KAFKA_EVENT_ERROR | RD_KAFKA_EVENT_LOG | RD_KAFKA_EVENT_STATS)
        }
        let reports = KafkaProducerReports(
            queue: rd_kafka_queue_get_main(handle), handle: handle, ears: ears, onDelivery: onDelivery)
        let thread: KafkaThread
        do {
            thread = try KafkaThread { reports.run() }
        } catch {
            rd_kafka_queue_destroy(reports.queue)
            rd_kafka_destroy(handle)
            throw error
        }
        self.handle = handle
        self.reports = reports
        state = Mutex(State(thread: thread))
    }

    deinit { close(deadlineMilliseconds: 0) }

    /// The topic to give to `produce`; the same object each time. Throws `invalid` for a name Kafka does not take,
    /// `closed` after `close`.
    package func topic(_ name: String) throws(KafkaError) -> KafkaTopic {
        let outcome: Result<KafkaTopic, KafkaError> = state.withLock { state in
            guard state.thread != nil else { return .failure(KafkaError(RD_KAFKA_RESP_ERR__DESTROY)) }
            if let known = state.topics[name] { return .success(known) }
            guard let pointer = rd_kafka_topic_new(handle, name, nil) else {
                return .failure(KafkaError(rd_kafka_last_error(), "topic \(name)"))
            }
            let topic = KafkaTopic(name: name, pointer: pointer)
            state.topics[name] = topic
            return .success(topic)
        }
        return try outcome.get()
    }

    /// Hands a record over; key and value are copied. A nil `partition` is murmur2 of the key, as with the Java client.
    /// A nil value is a tombstone. The delivery report brings `token` back, whatever becomes of it. Throws `queueFull`
    /// where too much waits already, `tooLarge`, `unknownTopicOrPartition` (a partition the topic has not).
    package func produce(
        to topic: KafkaTopic, partition: Int32? = nil, key: UnsafeRawBufferPointer?, value: UnsafeRawBufferPointer?,
        headers: borrowing KafkaHeaders, token: UInt64
    ) throws(KafkaError) {
        let error = headers.bytes.withUnsafeBufferPointer { bytes in
            headers.spans.withUnsafeBufferPointer { spans in
                madang_kafka_produce(
                    handle, topic.pointer, partition ?? -1, key?.baseAddress ?? Self.nothing(key), key?.count ?? 0,
                    value?.baseAddress ?? Self.nothing(value), value?.count ?? 0, bytes.baseAddress,
                    spans.baseAddress, spans.count / 4, UnsafeMutableRawPointer(bitPattern: UInt(token)))
            }
        }
        if error != RD_KAFKA_RESP_ERR_NO_ERROR { throw KafkaError(error, "produce to \(topic.name)") }
    }

    /// The same, out of arrays.
    package func produce(
        to topic: KafkaTopic, partition: Int32? = nil, key: [UInt8]?, value: [UInt8]?,
        headers: borrowing KafkaHeaders = KafkaHeaders(), token: UInt64 = 0
    ) throws(KafkaError) {
        // One array each way, so that nil and empty stay apart.
        let outcome: Result<Void, KafkaError> = (key ?? []).withUnsafeBytes { keyBytes in
            (value ?? []).withUnsafeBytes { valueBytes in
                Result { () throws(KafkaError) in
                    try produce(
                        to: topic, partition: partition, key: key == nil ? nil : keyBytes,
                        value: value == nil ? nil : valueBytes, headers: headers, token: token)
                }
            }
        }
        try outcome.get()
    }

    /// An empty buffer may have no address, which to librdkafka means null; null and empty are different things.
    private static func nothing(_ buffer: UnsafeRawBufferPointer?) -> UnsafeRawPointer? {
        buffer == nil ? nil : emptyBytes
    }

    /// One byte nobody reads.
    nonisolated(unsafe) private static let emptyBytes = UnsafeRawPointer(
        UnsafeMutableRawPointer.allocate(byteCount: 1, alignment: 1))

    /// Fetches the metadata of `topics`, or the first message to each would wait for it. Waits up to the deadline;
    /// throws `unknownTopicOrPartition` for one that is not there, `unreachable` or `timedOut`.
    package func prepare(_ topics: [String], deadlineMilliseconds: Int = 5_000) throws(KafkaError) {
        let end = KafkaHandle.monotonicMilliseconds + Int64(deadlineMilliseconds)
        for name in topics {
            let topic = try topic(name)
            let left = max(end - KafkaHandle.monotonicMilliseconds, 1)
            _ = try KafkaMetadata.fetch(handle, topic: topic.pointer, waitMilliseconds: Int(left))
        }
    }

    /// Whether a broker answers within the deadline. Waits.
    package func isReachable(deadlineMilliseconds: Int) -> Bool {
        var metadata: UnsafePointer<rd_kafka_metadata>?
        let error = rd_kafka_metadata(handle, 0, nil, &metadata, Int32(clamping: deadlineMilliseconds))
        if let metadata { rd_kafka_metadata_destroy(metadata) }
        return error == RD_KAFKA_RESP_ERR_NO_ERROR
    }

    /// The cluster's id, which names an incarnation of the log; nil where no broker told it in time. Waits.
    package func clusterID(deadlineMilliseconds: Int) -> String? {
        KafkaHandle.clusterID(handle, waitMilliseconds: deadlineMilliseconds)
    }

    /// Messages and reports that are still on their way.
    package var pendingCount: Int { Int(rd_kafka_outq_len(handle)) }

    /// Waits until every message has been acknowledged or has failed, at most to the deadline. Whether it was so.
    @discardableResult
    package func flush(deadlineMilliseconds: Int) -> Bool {
        rd_kafka_flush(handle, Int32(clamping: deadlineMilliseconds)) == RD_KAFKA_RESP_ERR_NO_ERROR
    }

    /// Flushes up to the deadline, reports what is left as `purged`, and ends. Nobody may produce during or after it.
    /// Safe to call twice; not from a delivery callback.
    package func close(deadlineMilliseconds: Int) {
        guard let thread = state.withLock({ $0.thread.take() }) else { return }
        if deadlineMilliseconds > 0 { flush(deadlineMilliseconds: deadlineMilliseconds) }
        rd_kafka_purge(handle, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT)
        rd_kafka_flush(handle, 500)
        reports.stop()
        thread.join()
        for topic in state.withLock({ state in Array(state.topics.values) }) { rd_kafka_topic_destroy(topic.pointer) }
        state.withLock { $0.topics = [:] }
        rd_kafka_queue_destroy(reports.queue)
        rd_kafka_destroy(handle)
    }
}
