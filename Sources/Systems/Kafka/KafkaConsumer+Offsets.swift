internal import CKafka

extension KafkaConsumer {
    /// The low and high end of a partition as the last fetch told them, without asking; nil before the first fetch.
    package func knownWatermarks(topic: String, partition: Int32) -> (low: Int64, high: Int64)? {
        var (low, high): (Int64, Int64) = (0, 0)
        let error = rd_kafka_get_watermark_offsets(handle, topic, partition, &low, &high)
        guard error == RD_KAFKA_RESP_ERR_NO_ERROR, low >= 0, high >= 0 else { return nil }
        return (low, high)
    }

    /// The low and high end of a partition, asked of its leader. Waits; throws `timedOut`, `unreachable`,
    /// `unknownTopicOrPartition`.
    package func watermarks(
        topic: String, partition: Int32, deadlineMilliseconds: Int = 5_000
    ) throws(KafkaError) -> (low: Int64, high: Int64) {
        try KafkaMetadata.watermarks(handle, topic, partition, waitMilliseconds: deadlineMilliseconds)
    }

    /// What the group committed for these partitions; `KafkaPosition.unknown` where nothing. Waits.
    package func committed(
        _ partitions: [KafkaPosition], deadlineMilliseconds: Int = 5_000
    ) throws(KafkaError) -> [KafkaPosition] {
        let list = KafkaPartitionList(partitions)
        let wait = Int32(clamping: deadlineMilliseconds)
        try check(list.lend { rd_kafka_committed(handle, $0, wait) }, "committed")
        return list.positions
    }

    /// The cluster's id, which names an incarnation of the log; nil where no broker told it in time. Waits.
    package func clusterID(deadlineMilliseconds: Int) -> String? {
        KafkaHandle.clusterID(handle, waitMilliseconds: deadlineMilliseconds)
    }
}
