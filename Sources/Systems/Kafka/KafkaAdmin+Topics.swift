internal import CKafka

extension KafkaAdmin {
    /// A list of pointers as librdkafka's admin calls take it.
    private typealias Pointers = [OpaquePointer?]

    /// Creates topics; for each its error, nil where it was made. Throws where the request itself failed, and
    /// `unsupported` with the embedded broker, which has no admin calls.
    package func createTopics(_ topics: [NewTopic], deadlineMilliseconds: Int = 15_000) throws(KafkaError)
        -> [String: KafkaError?]
    {
        var requests: Pointers = []
        defer { for request in requests { rd_kafka_NewTopic_destroy(request) } }
        for topic in topics {
            var text = [CChar](repeating: 0, count: 256)
            guard
                let request = rd_kafka_NewTopic_new(
                    topic.name, Int32(clamping: topic.partitions), Int32(clamping: topic.replicationFactor), &text,
                    text.count)
            else {
                throw KafkaError(rawCode: RD_KAFKA_RESP_ERR__INVALID_ARG.rawValue, message: KafkaHandle.string(text))
            }
            requests.append(request)
            for config in topic.configs { rd_kafka_NewTopic_set_config(request, config.name, config.value) }
        }
        let count = requests.count
        let event = try run(RD_KAFKA_ADMIN_OP_CREATETOPICS, deadlineMilliseconds) { options, queue in
            requests.withUnsafeMutableBufferPointer {
                rd_kafka_CreateTopics(handle, $0.baseAddress, count, options, queue)
            }
        }
        defer { rd_kafka_event_destroy(event) }
        var resultCount = 0
        let results = rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(event), &resultCount)
        return Self.outcomes(results, resultCount)
    }

    /// Deletes topics; for each its error, nil where it was deleted. Throws where the request itself failed.
    package func deleteTopics(_ names: [String], deadlineMilliseconds: Int = 15_000) throws(KafkaError)
        -> [String: KafkaError?]
    {
        var requests: Pointers = names.map { rd_kafka_DeleteTopic_new($0) }
        defer { for request in requests { rd_kafka_DeleteTopic_destroy(request) } }
        let count = requests.count
        let event = try run(RD_KAFKA_ADMIN_OP_DELETETOPICS, deadlineMilliseconds) { options, queue in
            requests.withUnsafeMutableBufferPointer {
                rd_kafka_DeleteTopics(handle, $0.baseAddress, count, options, queue)
            }
        }
        defer { rd_kafka_event_destroy(event) }
        var resultCount = 0
        let results = rd_kafka_DeleteTopics_result_topics(rd_kafka_event_DeleteTopics_result(event), &resultCount)
        return Self.outcomes(results, resultCount)
    }

    /// The configs of topics as they apply, defaults too, by topic and name. Throws the first error.
    package func topicConfigs(_ names: [String], deadlineMilliseconds: Int = 10_000) throws(KafkaError)
        -> [String: [String: String]]
    {
        var requests: Pointers = names.map { rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, $0) }
        defer { for request in requests { rd_kafka_ConfigResource_destroy(request) } }
        let count = requests.count
        let event = try run(RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS, deadlineMilliseconds) { options, queue in
            requests.withUnsafeMutableBufferPointer {
                rd_kafka_DescribeConfigs(handle, $0.baseAddress, count, options, queue)
            }
        }
        defer { rd_kafka_event_destroy(event) }
        var resultCount = 0
        let result = rd_kafka_event_DescribeConfigs_result(event)
        let resources = rd_kafka_DescribeConfigs_result_resources(result, &resultCount)
        var configs: [String: [String: String]] = [:]
        for index in 0..<resultCount {
            guard let resource = resources?[index], let name = rd_kafka_ConfigResource_name(resource) else { continue }
            let error = rd_kafka_ConfigResource_error(resource)
            let topic = String(cString: name)
            if error != RD_KAFKA_RESP_ERR_NO_ERROR { throw KafkaError(error, "configs of \(topic)") }
            configs[topic] = Self.entries(resource)
        }
        return configs
    }

    private static func entries(_ resource: OpaquePointer) -> [String: String] {
        var count = 0
        let entries = rd_kafka_ConfigResource_configs(resource, &count)
        var configs: [String: String] = [:]
        for index in 0..<count {
            guard let entry = entries?[index], let name = rd_kafka_ConfigEntry_name(entry),
                let value = rd_kafka_ConfigEntry_value(entry)
            else { continue }
            configs[String(cString: name)] = String(cString: value)
        }
        return configs
    }

    private static func outcomes(
        _ results: UnsafeMutablePointer<OpaquePointer?>?, _ count: Int
    ) -> [String: KafkaError?] {
        var outcomes: [String: KafkaError?] = [:]
        for index in 0..<count {
            guard let result = results?[index], let name = rd_kafka_topic_result_name(result) else { continue }
            let error = rd_kafka_topic_result_error(result)
            let words = rd_kafka_topic_result_error_string(result).map { String(cString: $0) }
            outcomes[String(cString: name)] = .some(
                error == RD_KAFKA_RESP_ERR_NO_ERROR ? nil : KafkaError(rawCode: error.rawValue, message: words))
        }
        return outcomes
    }

    /// Sends one admin request and waits for its result event, which the caller destroys.
    private func run(
        _ operation: rd_kafka_admin_op_t, _ deadlineMilliseconds: Int, _ send: (OpaquePointer?, OpaquePointer?) -> Void
    ) throws(KafkaError) -> OpaquePointer {
        defer { tellLogs() }
        let options = rd_kafka_AdminOptions_new(handle, operation)
        defer { rd_kafka_AdminOptions_destroy(options) }
        let wait = Int32(clamping: deadlineMilliseconds)
        rd_kafka_AdminOptions_set_request_timeout(options, wait, nil, 0)
        let queue = rd_kafka_queue_new(handle)
        defer { rd_kafka_queue_destroy(queue) }
        send(options, queue)
        guard let event = rd_kafka_queue_poll(queue, wait &+ 1_000) else {
            throw KafkaError(RD_KAFKA_RESP_ERR__TIMED_OUT, "admin request")
        }
        let error = rd_kafka_event_error(event)
        guard error == RD_KAFKA_RESP_ERR_NO_ERROR else {
            let words = rd_kafka_event_error_string(event).map { String(cString: $0) }
            rd_kafka_event_destroy(event)
            throw KafkaError(rawCode: error.rawValue, message: words)
        }
        return event
    }
}
