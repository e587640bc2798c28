internal import CKafka
internal import Glibc

/// One record as it lies in librdkafka's memory: valid in the closure it was given to, no longer.
package struct KafkaMessage {
    let pointer: UnsafeMutablePointer<rd_kafka_message_t>
    /// The topic's name.
    package let topic: String

    /// The partition it was read from.
    package var partition: Int32 { pointer.pointee.partition }
    /// Its place in the partition.
    package var offset: Int64 { pointer.pointee.offset }

    /// The key; nil where there is none.
    package var key: UnsafeRawBufferPointer? {
        pointer.pointee.key.map { UnsafeRawBufferPointer(start: $0, count: pointer.pointee.key_len) }
    }

    /// The value; nil for a tombstone.
    package var value: UnsafeRawBufferPointer? {
        pointer.pointee.payload.map { UnsafeRawBufferPointer(start: $0, count: pointer.pointee.len) }
    }

    /// Milliseconds since 1970: the log's own append time, or the producer's, as the topic is set; -1 without one.
    package var timestampMilliseconds: Int64 { rd_kafka_message_timestamp(pointer, nil) }

    /// Whether the timestamp is the log's own.
    package var hasAppendTimestamp: Bool {
        var type = RD_KAFKA_TIMESTAMP_NOT_AVAILABLE
        _ = rd_kafka_message_timestamp(pointer, &type)
        return type == RD_KAFKA_TIMESTAMP_LOG_APPEND_TIME
    }

    /// The value of the last header of that name; nil where there is none, or where it is null.
    package func header(_ name: StaticString) -> UnsafeRawBufferPointer? {
        var headers: OpaquePointer?
        guard rd_kafka_message_headers(pointer, &headers) == RD_KAFKA_RESP_ERR_NO_ERROR, let headers else { return nil }
        var (value, count): (UnsafeRawPointer?, Int) = (nil, 0)
        let error = name.withUTF8Buffer { bytes in
            bytes.withMemoryRebound(to: CChar.self) { characters in
                // A StaticString ends with a zero, as every string literal.
                rd_kafka_header_get_last(headers, characters.baseAddress, &value, &count)
            }
        }
        guard error == RD_KAFKA_RESP_ERR_NO_ERROR, let value else { return nil }
        return UnsafeRawBufferPointer(start: value, count: count)
    }

    /// The same as text, by a name known only at run time; what is no UTF-8 is repaired.
    package func headerText(_ name: String) -> String? {
        var headers: OpaquePointer?
        guard rd_kafka_message_headers(pointer, &headers) == RD_KAFKA_RESP_ERR_NO_ERROR, let headers else { return nil }
        var (value, count): (UnsafeRawPointer?, Int) = (nil, 0)
        guard rd_kafka_header_get_last(headers, name, &value, &count) == RD_KAFKA_RESP_ERR_NO_ERROR, let value
        else { return nil }
        return String(decoding: UnsafeRawBufferPointer(start: value, count: count), as: UTF8.self)
    }

    /// Every header in its order.
    package func forEachHeader(_ body: (_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer?) -> Void) {
        var headers: OpaquePointer?
        guard rd_kafka_message_headers(pointer, &headers) == RD_KAFKA_RESP_ERR_NO_ERROR, let headers else { return }
        for index in 0..<rd_kafka_header_cnt(headers) {
            var (name, value, count): (UnsafePointer<CChar>?, UnsafeRawPointer?, Int) = (nil, nil, 0)
            guard rd_kafka_header_get_all(headers, index, &name, &value, &count) == RD_KAFKA_RESP_ERR_NO_ERROR,
                let name
            else { continue }
            body(
                UnsafeRawBufferPointer(start: name, count: strlen(name)),
                value.map { UnsafeRawBufferPointer(start: $0, count: count) })
        }
    }
}

/// The records of one poll, in the order of each partition. Valid in the closure they were given to.
package struct KafkaBatch {
    let pointers: UnsafeBufferPointer<UnsafeMutablePointer<rd_kafka_message_t>>
    let topicIndices: UnsafeBufferPointer<Int>
    let topics: [String]

    /// How many there are, at least one.
    package var count: Int { pointers.count }

    /// The record at `index` from 0.
    package subscript(index: Int) -> KafkaMessage {
        KafkaMessage(pointer: pointers[index], topic: topics[topicIndices[index]])
    }
}
