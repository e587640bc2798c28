import CKafka

/// The library below this room.
package enum KafkaLibrary {
    /// The version of the librdkafka that is loaded, `2.0.2`.
    package static var version: String { String(cString: rd_kafka_version_str()) }
}
