internal import CKafka

extension KafkaConsumer {
    /// Takes what is there, without waiting: at most `countMax` records of about `bytesMax` octets. `body` gets them,
    /// if there are any; then the events that came after them are returned. A rebalance ends a batch, so records in
    /// `body` belong to the assignment before the events.
    package func poll(
        countMax: Int, bytesMax: Int = .max, _ body: (KafkaBatch) throws -> Void
    ) rethrows -> [KafkaConsumerEvent] {
        var bytes = 0
        while collected.count < countMax, bytes < bytesMax, ears.events.isEmpty,
            let message = rd_kafka_consumer_poll(handle, 0)
        {
            guard message.pointee.err == RD_KAFKA_RESP_ERR_NO_ERROR else {
                noteFailure(message)
                continue
            }
            bytes += message.pointee.len + message.pointee.key_len
            collected.append(message)
            collectedTopics.append(index(of: message.pointee.rkt))
        }
        defer { ears.events = [] }
        if !collected.isEmpty {
            defer {
                for message in collected { rd_kafka_message_destroy(message) }
                collected.removeAll(keepingCapacity: true)
                collectedTopics.removeAll(keepingCapacity: true)
            }
            try collected.withUnsafeBufferPointer { pointers in
                try collectedTopics.withUnsafeBufferPointer { indices in
                    try body(KafkaBatch(pointers: pointers, topicIndices: indices, topics: topicNames))
                }
            }
        }
        return ears.events
    }

    /// Waits until there is something to poll, the waker is used, or the time is over. 100 ms are a safety timer for
    /// those who have nothing else to wait for.
    package func wait(milliseconds: Int = 100) { waker.wait(milliseconds: milliseconds) }

    private func index(of topic: OpaquePointer?) -> Int {
        guard let topic else { return 0 }
        if let known = topicIndices[topic] { return known }
        let name = String(cString: rd_kafka_topic_name(topic))
        topicIndices[topic] = topicNames.count
        topicNames.append(name)
        return topicNames.count - 1
    }

    private func noteFailure(_ message: UnsafeMutablePointer<rd_kafka_message_t>) {
        defer { rd_kafka_message_destroy(message) }
        let words = rd_kafka_message_errstr(message).map { String(cString: $0) }
        let error = KafkaError(rawCode: message.pointee.err.rawValue, message: words)
        if let topic = message.pointee.rkt, message.pointee.partition >= 0 {
            let name = String(cString: rd_kafka_topic_name(topic))
            ears.events.append(.partitionFailed(error, topic: name, partition: message.pointee.partition))
        } else {
            ears.events.append(.failed(error))
        }
    }

    /// The callbacks run inside `rd_kafka_consumer_poll`, on the thread that polls. They only note; what follows from
    /// it is decided by the caller after the batch.
    static func setCallbacks(_ conf: OpaquePointer) {
        rd_kafka_conf_set_rebalance_cb(conf) { handle, error, list, opaque in
            guard let ears = KafkaHandle.ears(opaque), let handle, let list else { return }
            let positions = KafkaPartitionList.positions(list)
            if error == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS {
                ears.events.append(.assigned(positions))
            } else {
                ears.events.append(.revoked(positions, isLost: rd_kafka_assignment_lost(handle) != 0))
            }
            // Nothing of the next assignment may come into the batch of this one.
            rd_kafka_yield(handle)
        }
        rd_kafka_conf_set_offset_commit_cb(conf) { _, error, _, opaque in
            guard error != RD_KAFKA_RESP_ERR_NO_ERROR, error != RD_KAFKA_RESP_ERR__NO_OFFSET else { return }
            KafkaHandle.ears(opaque)?.events.append(.commitFailed(KafkaError(error, "commit")))
        }
        rd_kafka_conf_set_error_cb(conf) { _, error, reason, opaque in
            let words = reason.map { String(cString: $0) }
            KafkaHandle.ears(opaque)?.events.append(.failed(KafkaError(rawCode: error, message: words)))
        }
        rd_kafka_conf_set_stats_cb(conf) { _, json, count, opaque in
            if let json, let tell = KafkaHandle.ears(opaque)?.onStatistics {
                tell(String(decoding: UnsafeRawBufferPointer(start: json, count: count), as: UTF8.self))
            }
            return 0
        }
        rd_kafka_conf_set_log_cb(conf) { handle, level, facility, text in
            guard let handle else { return }
            KafkaHandle.ears(rd_kafka_opaque(handle))?.log(level: level, facility: facility, text: text)
        }
    }
}
