internal import CKafka

/// Looks after topics. Every method waits, at most to its deadline; it belongs to one thread at a time.
package final class KafkaAdmin {
    /// A topic to create.
    package struct NewTopic: Sendable {
        /// What it is to be; configs as Kafka spells them.
        package var name: String
        package var partitions: Int
        package var replicationFactor: Int
        package var configs: [(name: String, value: String)]

        /// A topic to create; configs as Kafka spells them.
        package init(
            name: String, partitions: Int, replicationFactor: Int, configs: [(name: String, value: String)] = []
        ) {
            self.name = name
            self.partitions = partitions
            self.replicationFactor = replicationFactor
            self.configs = configs
        }
    }

    let handle: OpaquePointer
    private let ears: KafkaHandle.Ears

    /// Does not wait for a broker. Throws `invalid` for a setting librdkafka does not take.
    package init(_ configuration: KafkaConfiguration) throws(KafkaError) {
        ears = KafkaHandle.Ears(configuration)
        handle = try KafkaHandle.make(
            RD_KAFKA_PRODUCER, configuration.adminSettings, ears: ears, prepare: Self.setLogCallback)
    }

    deinit { rd_kafka_destroy(handle) }

    private static func setLogCallback(_ conf: OpaquePointer) {
        rd_kafka_conf_set_log_cb(conf) { handle, level, facility, text in
            guard let handle else { return }
            KafkaHandle.ears(rd_kafka_opaque(handle))?.log(level: level, facility: facility, text: text)
        }
    }

    /// Tells what librdkafka logged meanwhile.
    func tellLogs() { rd_kafka_poll(handle, 0) }

    /// The cluster's id, which names an incarnation of the log. Throws `unreachable`.
    package func clusterID(deadlineMilliseconds: Int = 5_000) throws(KafkaError) -> String {
        defer { tellLogs() }
        guard let id = KafkaHandle.clusterID(handle, waitMilliseconds: deadlineMilliseconds) else {
            throw KafkaError(rawCode: RD_KAFKA_RESP_ERR__TRANSPORT.rawValue, message: "no broker answers")
        }
        return id
    }

    /// Whether these brokers are an `EmbeddedKafka`. Throws `unreachable`.
    package func isEmbedded(deadlineMilliseconds: Int = 5_000) throws(KafkaError) -> Bool {
        try clusterID(deadlineMilliseconds: deadlineMilliseconds).hasPrefix(EmbeddedKafka.clusterIDPrefix)
    }

    /// All brokers and topics. Throws `unreachable`, `timedOut`.
    package func metadata(deadlineMilliseconds: Int = 5_000) throws(KafkaError) -> KafkaMetadata {
        defer { tellLogs() }
        return try KafkaMetadata.fetch(handle, topic: nil, waitMilliseconds: deadlineMilliseconds)
    }

    /// The low and high end of a partition, asked of its leader. Throws `timedOut`, `unknownTopicOrPartition`.
    package func watermarks(
        topic: String, partition: Int32, deadlineMilliseconds: Int = 5_000
    ) throws(KafkaError) -> (low: Int64, high: Int64) {
        defer { tellLogs() }
        return try KafkaMetadata.watermarks(handle, topic, partition, waitMilliseconds: deadlineMilliseconds)
    }
}
