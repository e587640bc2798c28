internal import CKafka

/// Reads records, either of partitions the caller names (`assign`) or as a member of a group (`subscribe`).
/// It belongs to one thread; only its `waker` may be used by others.
///
/// As a group member: `poll` returns `.assigned`, the caller answers with `assign` and its own offsets; `.revoked`, the
/// caller finishes what it has, commits, and answers with `unassign`. Until then the group waits.
package final class KafkaConsumer {
    let handle: OpaquePointer
    let ears: KafkaHandle.Ears
    let queue: OpaquePointer
    let isMember: Bool
    var isClosed = false

    /// Wakes `wait`, from any thread, and whenever there is something to poll.
    package let waker: KafkaWaker

    // What a poll collects; kept so that it is not allocated again.
    var collected: [UnsafeMutablePointer<rd_kafka_message_t>] = []
    var collectedTopics: [Int] = []
    var topicNames: [String] = []
    var topicIndices: [OpaquePointer: Int] = [:]

    /// A consumer without partitions. It does not wait for a broker. Throws `invalid` for a setting librdkafka does
    /// not take.
    package init(_ configuration: KafkaConfiguration, group: KafkaGroup? = nil) throws(KafkaError) {
        waker = try KafkaWaker()
        ears = KafkaHandle.Ears(configuration)
        isMember = group != nil
        handle = try KafkaHandle.make(
            RD_KAFKA_CONSUMER, configuration.consumerSettings(group), ears: ears, prepare: Self.setCallbacks)
        // Everything, logs and errors too, comes through the one queue that `poll` empties.
        rd_kafka_poll_set_consumer(handle)
        queue = rd_kafka_queue_get_consumer(handle)
        var one: UInt64 = 1
        rd_kafka_queue_io_event_enable(queue, waker.descriptor, &one, 8)
    }

    deinit { close(deadlineMilliseconds: 0) }

    /// Becomes a member of the group for these topics. Throws where librdkafka refuses the names.
    package func subscribe(_ topics: [String]) throws(KafkaError) {
        precondition(isMember, "subscribe needs a group")
        let list = KafkaPartitionList(topics.map { KafkaPosition(topic: $0, partition: -1) })
        try check(list.lend { rd_kafka_subscribe(handle, $0) }, "subscribe")
    }

    /// Reads from exactly these places on; whatever was assigned before is replaced. Throws `invalid`, `fatal` codes.
    package func assign(_ positions: [KafkaPosition]) throws(KafkaError) {
        let list = KafkaPartitionList(positions)
        try check(list.lend { rd_kafka_assign(handle, $0) }, "assign")
    }

    /// Reads nothing more, and lets the group go on after `.revoked`.
    package func unassign() throws(KafkaError) { try check(rd_kafka_assign(handle, nil), "unassign") }

    /// The partitions that are read at present.
    package var assignment: [KafkaPosition] {
        var pointer: UnsafeMutablePointer<rd_kafka_topic_partition_list_t>?
        guard rd_kafka_assignment(handle, &pointer) == RD_KAFKA_RESP_ERR_NO_ERROR, let pointer else { return [] }
        return KafkaPartitionList(taking: pointer).positions
    }

    /// Stops and starts reading of partitions that stay assigned; polling goes on meanwhile.
    package func pause(_ partitions: [KafkaPosition]) throws(KafkaError) {
        try check(KafkaPartitionList(partitions).lend { rd_kafka_pause_partitions(handle, $0) }, "pause")
    }

    /// Undoes `pause`.
    package func resume(_ partitions: [KafkaPosition]) throws(KafkaError) {
        try check(KafkaPartitionList(partitions).lend { rd_kafka_resume_partitions(handle, $0) }, "resume")
    }

    /// Reads on at these places; records of them that were fetched already are not given out. Waits for the fetcher,
    /// at most to the deadline. (librdkafka #4208 concerns `rd_kafka_consume_batch_queue`, which is not used here.)
    package func seek(_ positions: [KafkaPosition], deadlineMilliseconds: Int = 1_000) throws(KafkaError) {
        let list = KafkaPartitionList(positions)
        let wait = Int32(clamping: deadlineMilliseconds)
        if let error = list.lend({ rd_kafka_seek_partitions(handle, $0, wait) }) {
            throw KafkaError(taking: error)
        }
        if let failed = list.firstError { throw KafkaError(failed, "seek") }
    }

    /// Commits these offsets (that of the next record to read) without waiting; a refusal comes as `.commitFailed`.
    package func commit(_ positions: [KafkaPosition]) throws(KafkaError) {
        if positions.isEmpty { return }
        try check(KafkaPartitionList(positions).lend { rd_kafka_commit(handle, $0, 1) }, "commit")
    }

    /// The same, and waits for the coordinator: for the last commit before partitions are handed back.
    package func commitAndWait(_ positions: [KafkaPosition]) throws(KafkaError) {
        if positions.isEmpty { return }
        try check(KafkaPartitionList(positions).lend { rd_kafka_commit(handle, $0, 0) }, "commit")
    }

    /// Leaves the group and ends, at most a little after the deadline. What `poll` gave must be dealt with by then.
    /// Safe to call twice.
    package func close(deadlineMilliseconds: Int) {
        if isClosed { return }
        isClosed = true
        let end = KafkaHandle.monotonicMilliseconds + Int64(deadlineMilliseconds)
        if deadlineMilliseconds > 0, isMember {
            if let error = rd_kafka_consumer_close_queue(handle, queue) { rd_kafka_error_destroy(error) }
            var left = end - KafkaHandle.monotonicMilliseconds
            while rd_kafka_consumer_closed(handle) == 0, left > 0 {
                if let message = rd_kafka_consumer_poll(handle, Int32(clamping: min(left, 100))) {
                    rd_kafka_message_destroy(message)
                }
                for case .revoked in ears.events { rd_kafka_assign(handle, nil) }
                for case .assigned in ears.events { rd_kafka_assign(handle, nil) }
                ears.events = []
                left = end - KafkaHandle.monotonicMilliseconds
            }
        }
        rd_kafka_queue_io_event_enable(queue, -1, nil, 0)
        rd_kafka_queue_destroy(queue)
        rd_kafka_destroy_flags(handle, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE)
    }

    func check(_ error: rd_kafka_resp_err_t, _ doing: String) throws(KafkaError) {
        if error != RD_KAFKA_RESP_ERR_NO_ERROR { throw KafkaError(error, doing) }
    }
}
