internal import CKafka

/// librdkafka's list of partitions, destroyed with this object.
final class KafkaPartitionList {
    private let pointer: UnsafeMutablePointer<rd_kafka_topic_partition_list_t>

    init(_ positions: [KafkaPosition]) {
        pointer = rd_kafka_topic_partition_list_new(Int32(clamping: positions.count))
        for position in positions {
            rd_kafka_topic_partition_list_add(pointer, position.topic, position.partition).pointee.offset =
                position.offset
        }
    }

    init(taking pointer: UnsafeMutablePointer<rd_kafka_topic_partition_list_t>) { self.pointer = pointer }

    /// Lends the list; an object's last use may be the reading of its pointer, so nobody reads it elsewhere.
    func lend<T>(_ body: (UnsafeMutablePointer<rd_kafka_topic_partition_list_t>) -> T) -> T {
        withExtendedLifetime(self) { body(pointer) }
    }

    deinit { rd_kafka_topic_partition_list_destroy(pointer) }

    var positions: [KafkaPosition] { lend(Self.positions) }

    var firstError: rd_kafka_resp_err_t? {
        lend { pointer in
            for index in 0..<Int(pointer.pointee.cnt) {
                let error = pointer.pointee.elems[index].err
                if error != RD_KAFKA_RESP_ERR_NO_ERROR { return error }
            }
            return nil
        }
    }

    static func positions(_ list: UnsafeMutablePointer<rd_kafka_topic_partition_list_t>) -> [KafkaPosition] {
        (0..<Int(list.pointee.cnt)).map { index in
            let element = list.pointee.elems[index]
            return KafkaPosition(
                topic: String(cString: element.topic), partition: element.partition, offset: element.offset)
        }
    }
}
