internal import CKafka

/// What librdkafka or a broker refused, with the raw code beside the meaning.
package struct KafkaError: Error, Sendable, Equatable {
    /// What a caller may want to tell apart.
    package enum Code: Sendable {
        case queueFull, tooLarge, timedOut, messageTimedOut, unknownTopicOrPartition, topicExists, unreachable
        case noOffset, offsetOutOfRange, fenced, rebalancing, denied, closed, invalid, purged, unsupported, addressInUse
        case other
    }

    /// What it means.
    package let code: Code
    /// librdkafka's number: negative for its own errors, positive for those of the Kafka protocol.
    package let rawCode: Int32
    /// librdkafka's own words, and what was tried.
    package let message: String
    /// Whether the instance that said so can do nothing more.
    package let isFatal: Bool

    /// An error out of librdkafka's number.
    package init(rawCode: Int32, message: String? = nil, isFatal: Bool = false) {
        self.rawCode = rawCode
        self.code = Self.code(of: rawCode)
        self.isFatal = isFatal || rawCode == RD_KAFKA_RESP_ERR__FATAL.rawValue
        let words = String(cString: rd_kafka_err2str(rd_kafka_resp_err_t(rawValue: rawCode)))
        self.message = message.map { $0.isEmpty ? words : $0 } ?? words
    }

    init(_ error: rd_kafka_resp_err_t, _ doing: String? = nil) {
        let words = String(cString: rd_kafka_err2str(error))
        self.init(rawCode: error.rawValue, message: doing.map { "\($0): \(words)" } ?? words)
    }

    /// Takes over an error object and destroys it.
    init(taking object: OpaquePointer) {
        self.init(
            rawCode: rd_kafka_error_code(object).rawValue, message: String(cString: rd_kafka_error_string(object)),
            isFatal: rd_kafka_error_is_fatal(object) != 0)
        rd_kafka_error_destroy(object)
    }

    /// Whether the same request may succeed later: it depends on the state of brokers and connections, not on itself.
    package var isRetriable: Bool {
        if isFatal { return false }
        switch code {
        case .queueFull, .timedOut, .messageTimedOut, .unreachable, .rebalancing: return true
        case .unknownTopicOrPartition, .topicExists, .tooLarge, .noOffset, .offsetOutOfRange, .fenced, .denied,
            .closed, .invalid, .purged, .unsupported, .addressInUse:
            return false
        case .other: return Self.retriableRawCodes.contains(rawCode)
        }
    }

    private static let retriableRawCodes: Set<Int32> = [
        RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION.rawValue, RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE.rawValue,
        RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS.rawValue, RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS_AFTER_APPEND.rawValue,
        RD_KAFKA_RESP_ERR_NOT_CONTROLLER.rawValue, RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS.rawValue,
        RD_KAFKA_RESP_ERR_COORDINATOR_NOT_AVAILABLE.rawValue, RD_KAFKA_RESP_ERR_NOT_COORDINATOR.rawValue,
        RD_KAFKA_RESP_ERR_FENCED_LEADER_EPOCH.rawValue, RD_KAFKA_RESP_ERR_UNKNOWN_LEADER_EPOCH.rawValue,
        RD_KAFKA_RESP_ERR__RETRY.rawValue, RD_KAFKA_RESP_ERR__IN_PROGRESS.rawValue,
        RD_KAFKA_RESP_ERR__WAIT_COORD.rawValue,
    ]

    private static func code(of raw: Int32) -> Code {
        switch rd_kafka_resp_err_t(rawValue: raw) {
        case RD_KAFKA_RESP_ERR__QUEUE_FULL: .queueFull
        case RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE, RD_KAFKA_RESP_ERR_RECORD_LIST_TOO_LARGE: .tooLarge
        case RD_KAFKA_RESP_ERR__TIMED_OUT, RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT, RD_KAFKA_RESP_ERR__TIMED_OUT_QUEUE:
            .timedOut
        case RD_KAFKA_RESP_ERR__MSG_TIMED_OUT: .messageTimedOut
        case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC, RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION,
            RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART:
            .unknownTopicOrPartition
        case RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS: .topicExists
        case RD_KAFKA_RESP_ERR__TRANSPORT, RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN, RD_KAFKA_RESP_ERR__RESOLVE,
            RD_KAFKA_RESP_ERR_NETWORK_EXCEPTION, RD_KAFKA_RESP_ERR_BROKER_NOT_AVAILABLE:
            .unreachable
        case RD_KAFKA_RESP_ERR__NO_OFFSET, RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET: .noOffset
        case RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE: .offsetOutOfRange
        case RD_KAFKA_RESP_ERR__FENCED, RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID, RD_KAFKA_RESP_ERR__ASSIGNMENT_LOST,
            RD_KAFKA_RESP_ERR_ILLEGAL_GENERATION, RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID:
            .fenced
        case RD_KAFKA_RESP_ERR_REBALANCE_IN_PROGRESS, RD_KAFKA_RESP_ERR__MAX_POLL_EXCEEDED: .rebalancing
        case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED, RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED,
            RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED, RD_KAFKA_RESP_ERR__AUTHENTICATION:
            .denied
        case RD_KAFKA_RESP_ERR__DESTROY, RD_KAFKA_RESP_ERR__STATE: .closed
        case RD_KAFKA_RESP_ERR__INVALID_ARG, RD_KAFKA_RESP_ERR_INVALID_CONFIG, RD_KAFKA_RESP_ERR_TOPIC_EXCEPTION,
            RD_KAFKA_RESP_ERR_INVALID_REPLICATION_FACTOR, RD_KAFKA_RESP_ERR_INVALID_PARTITIONS:
            .invalid
        case RD_KAFKA_RESP_ERR__PURGE_QUEUE, RD_KAFKA_RESP_ERR__PURGE_INFLIGHT: .purged
        case RD_KAFKA_RESP_ERR__UNSUPPORTED_FEATURE, RD_KAFKA_RESP_ERR_UNSUPPORTED_VERSION: .unsupported
        default: .other
        }
    }
}

extension KafkaError: CustomStringConvertible, CustomDebugStringConvertible {
    package var description: String { message }
    package var debugDescription: String {
        "\(message) (\(String(cString: rd_kafka_err2name(rd_kafka_resp_err_t(rawValue: rawCode)))), \(rawCode))"
    }
}
