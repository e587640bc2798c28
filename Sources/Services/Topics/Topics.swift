package import Kafka
internal import Linux

/// `madang topics apply | check | list`, and the look every service takes at the topics when it starts.
package enum Topics {
    /// Where the lines go: results to stdout, everything else to stderr.
    package struct Output {
        /// Take a line each.
        package var result: (String) -> Void
        package var note: (String) -> Void

        /// Two places for lines.
        package init(result: @escaping (String) -> Void, note: @escaping (String) -> Void) {
            self.result = result
            self.note = note
        }
    }

    /// Creates the topics that are missing and says how the others differ. Exit status: 0; 1 where Kafka is not there
    /// within the deadline, refuses a topic, or has one that differs.
    package static func apply(
        _ list: TopicList, kafka: KafkaConfiguration, output: Output, deadlineMilliseconds: Int = 60_000
    ) -> Int32 {
        run(kafka, output, deadlineMilliseconds) { admin throws(KafkaError) in
            let before = try TopicComparison.make(list, admin)
            let missing = before.differences.filter { $0.kind == .missing }.compactMap { list[name: $0.topic] }
            if before.isEmbedded {
                for topic in missing { output.note("\(topic.name): the embedded broker makes its topics itself") }
                return report(before, output)
            }
            let failed = missing.isEmpty ? 0 : try create(missing, admin, output)
            if failed > 0 { return 1 }
            return report(try awaitAll(list, admin, deadlineMilliseconds), output)
        }
    }

    /// Prints a line for each difference. Exit status: 0 where there is none; 1 where there is, or Kafka is not there.
    package static func check(
        _ list: TopicList, kafka: KafkaConfiguration, output: Output, deadlineMilliseconds: Int = 30_000
    ) -> Int32 {
        run(kafka, output, deadlineMilliseconds) { admin throws(KafkaError) in
            report(try TopicComparison.make(list, admin), output)
        }
    }

    /// Prints what topics.yaml declares, a line a topic. Always 0; asks nobody.
    package static func list(_ list: TopicList, output: Output) -> Int32 {
        for topic in list.topics {
            let policy = topic.config("cleanup.policy") ?? "delete"
            output.result(
                "\(topic.name) partitions=\(topic.partitions) replicationFactor=\(topic.replicationFactor) "
                    + "cleanup.policy=\(policy) producers=\(topic.producers.joined(separator: ",")) "
                    + "consumers=\(topic.consumers.joined(separator: ","))")
        }
        return 0
    }

    private static func report(_ comparison: TopicComparison, _ output: Output) -> Int32 {
        for warning in comparison.warnings { output.note("warning: \(warning)") }
        let differences = comparison.differences.filter { !$0.isWarning }
        for difference in differences {
            output.result(difference.description)
            output.note("\(difference.topic): \(difference.remedy)")
        }
        return differences.isEmpty ? 0 : 1
    }

    /// Creates topics with as many replicas as there are brokers. How many were refused.
    private static func create(
        _ topics: [TopicDeclaration], _ admin: KafkaAdmin, _ output: Output
    ) throws(KafkaError) -> Int {
        let brokers = max(try admin.metadata().brokers.count, 1)
        let outcomes = try admin.createTopics(topics.map { request($0, brokers: brokers) })
        var failed = 0
        for topic in topics {
            guard let error = outcomes[topic.name] ?? nil, error.code != .topicExists else {
                output.result("\(topic.name): created")
                continue
            }
            output.note("\(topic.name): \(error)")
            failed += 1
        }
        return failed
    }

    static func request(_ topic: TopicDeclaration, brokers: Int) -> KafkaAdmin.NewTopic {
        let replicas = min(topic.replicationFactor, brokers)
        var configs = topic.configs.map { (name: $0.name, value: $0.value) }
        // With fewer replicas than planned one of them must still be allowed to be away, or nothing can be written.
        for index in configs.indices
        where configs[index].name == "min.insync.replicas" && replicas < topic.replicationFactor {
            configs[index].value = String(max(1, min(Int(configs[index].value) ?? 1, replicas - 1)))
        }
        return KafkaAdmin.NewTopic(
            name: topic.name, partitions: topic.partitions, replicationFactor: replicas, configs: configs)
    }

    /// Waits until a broker tells of every topic and each partition has a leader: a member of a group that subscribes
    /// too early keeps an empty assignment.
    private static func awaitAll(
        _ list: TopicList, _ admin: KafkaAdmin, _ deadlineMilliseconds: Int
    ) throws(KafkaError) -> TopicComparison {
        let end = SystemClock.monotonicNanoseconds() + UInt64(deadlineMilliseconds) * 1_000_000
        var comparison = try TopicComparison.make(list, admin)
        var isReady = try isReady(comparison, list, admin)
        while !isReady, SystemClock.monotonicNanoseconds() < end {
            SystemClock.sleep(milliseconds: 100)
            comparison = try TopicComparison.make(list, admin)
            isReady = try Self.isReady(comparison, list, admin)
        }
        return comparison
    }

    private static func isReady(
        _ comparison: TopicComparison, _ list: TopicList, _ admin: KafkaAdmin
    ) throws(KafkaError) -> Bool {
        if comparison.differences.contains(where: { $0.kind == .missing }) { return false }
        return try admin.metadata().topics.allSatisfy { topic in
            list[name: topic.name] == nil || topic.partitions.allSatisfy { $0.leader >= 0 }
        }
    }

    /// Tries until Kafka answers, and says every few seconds that it does not.
    private static func run(
        _ kafka: KafkaConfiguration, _ output: Output, _ deadlineMilliseconds: Int,
        _ body: (KafkaAdmin) throws(KafkaError) -> Int32
    ) -> Int32 {
        let end = SystemClock.monotonicNanoseconds() + UInt64(deadlineMilliseconds) * 1_000_000
        while true {
            do throws(KafkaError) {
                return try body(try KafkaAdmin(kafka))
            } catch {
                output.note("kafka \(kafka.bootstrap): \(error)")
                guard error.isRetriable, SystemClock.monotonicNanoseconds() < end else { return 1 }
                SystemClock.sleep(milliseconds: 500)
            }
        }
    }
}
