internal import CKafka

/// What a cluster says of itself and its topics.
package struct KafkaMetadata: Sendable, Equatable {
    /// A broker and where it listens.
    package struct Broker: Sendable, Equatable {
        /// Its number, and `HOST:PORT`.
        package let id: Int32
        package let address: String
    }

    /// A topic and its partitions.
    package struct Topic: Sendable, Equatable {
        /// Its name.
        package let name: String
        /// nil: it is there.
        package let error: KafkaError?
        package let partitions: [Partition]
        /// The largest number of replicas of any partition.
        package var replicationFactor: Int { partitions.map(\.replicaCount).max() ?? 0 }
    }

    /// A partition and its leader; -1 where it has none.
    package struct Partition: Sendable, Equatable {
        /// Its number, its leader, and how many replicas there are and how many keep up.
        package let id: Int32
        package let leader: Int32
        package let replicaCount: Int
        package let inSyncCount: Int
    }

    /// What there is.
    package let brokers: [Broker]
    package let topics: [Topic]

    /// All topics, or one (nil topic: all). Throws the topic's own error for one.
    static func fetch(_ handle: OpaquePointer, topic: OpaquePointer?, waitMilliseconds: Int) throws(KafkaError)
        -> KafkaMetadata
    {
        var raw: UnsafePointer<rd_kafka_metadata>?
        let error = rd_kafka_metadata(handle, topic == nil ? 1 : 0, topic, &raw, Int32(clamping: waitMilliseconds))
        guard error == RD_KAFKA_RESP_ERR_NO_ERROR, let raw else { throw KafkaError(error, "metadata") }
        defer { rd_kafka_metadata_destroy(raw) }
        let metadata = KafkaMetadata(raw.pointee)
        if topic != nil, let first = metadata.topics.first, let failed = first.error {
            throw KafkaError(rawCode: failed.rawCode, message: "topic \(first.name): \(failed.message)")
        }
        return metadata
    }

    static func watermarks(
        _ handle: OpaquePointer, _ topic: String, _ partition: Int32, waitMilliseconds: Int
    ) throws(KafkaError) -> (low: Int64, high: Int64) {
        var (low, high): (Int64, Int64) = (0, 0)
        let error = rd_kafka_query_watermark_offsets(
            handle, topic, partition, &low, &high, Int32(clamping: waitMilliseconds))
        guard error == RD_KAFKA_RESP_ERR_NO_ERROR else {
            throw KafkaError(error, "watermarks of \(topic) \(partition)")
        }
        return (low, high)
    }

    private init(_ raw: rd_kafka_metadata) {
        brokers = (0..<Int(raw.broker_cnt)).map { index in
            let broker = raw.brokers[index]
            return Broker(id: broker.id, address: "\(String(cString: broker.host)):\(broker.port)")
        }
        topics = (0..<Int(raw.topic_cnt)).map { index in
            let topic = raw.topics[index]
            let partitions = (0..<Int(topic.partition_cnt)).map { number in
                let partition = topic.partitions[number]
                return Partition(
                    id: partition.id, leader: partition.leader, replicaCount: Int(partition.replica_cnt),
                    inSyncCount: Int(partition.isr_cnt))
            }
            return Topic(
                name: String(cString: topic.topic),
                error: topic.err == RD_KAFKA_RESP_ERR_NO_ERROR ? nil : KafkaError(topic.err), partitions: partitions)
        }
    }
}
