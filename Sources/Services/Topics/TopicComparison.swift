package import Kafka

/// What a cluster has, held against topics.yaml.
package struct TopicComparison: Sendable {
    /// Whether the cluster is the embedded broker, which tells no configs and has one replica of everything.
    package let isEmbedded: Bool
    /// The cluster's id.
    package let clusterID: String
    package let differences: [TopicDifference]

    /// What a service must not run with, with how to mend it; empty where it may run.
    package var refusals: [String] { differences.filter(\.isFatal).map { "\($0): \($0.remedy)" } }
    /// What deserves a warning.
    package var warnings: [String] { differences.filter(\.isWarning).map { "\($0): \($0.remedy)" } }

    /// Asks the cluster. Waits at most about the deadline; throws `unreachable`, `timedOut`, `denied`.
    package static func make(_ list: TopicList, _ admin: KafkaAdmin, deadlineMilliseconds: Int = 10_000)
        throws(KafkaError) -> TopicComparison
    {
        let clusterID = try admin.clusterID(deadlineMilliseconds: deadlineMilliseconds)
        let isEmbedded = try admin.isEmbedded(deadlineMilliseconds: deadlineMilliseconds)
        let metadata = try admin.metadata(deadlineMilliseconds: deadlineMilliseconds)
        var present: [String: KafkaMetadata.Topic] = [:]
        for topic in metadata.topics where topic.error == nil && !topic.partitions.isEmpty {
            present[topic.name] = topic
        }
        let names = list.topics.map(\.name).filter { present[$0] != nil }
        let configs =
            isEmbedded || names.isEmpty
            ? [:] : try admin.topicConfigs(names, deadlineMilliseconds: deadlineMilliseconds)
        return TopicComparison(
            isEmbedded: isEmbedded, clusterID: clusterID,
            differences: list.topics.flatMap { topic in
                compare(topic, present[topic.name], configs[topic.name], isEmbedded: isEmbedded)
            })
    }

    /// The differences of one topic; a nil `have` is a topic that is not there.
    static func compare(
        _ want: TopicDeclaration, _ have: KafkaMetadata.Topic?, _ configs: [String: String]?, isEmbedded: Bool
    ) -> [TopicDifference] {
        guard let have else {
            return [TopicDifference(topic: want.name, kind: .missing, isFatal: true, isWarning: false)]
        }
        var differences: [TopicDifference] = []
        if have.partitions.count != want.partitions {
            let kind = TopicDifference.Kind.partitions(want: want.partitions, have: have.partitions.count)
            differences.append(TopicDifference(topic: want.name, kind: kind, isFatal: true, isWarning: false))
        }
        if isEmbedded { return differences }
        let isSmaller = have.replicationFactor < want.replicationFactor
        if have.replicationFactor != want.replicationFactor {
            let kind = TopicDifference.Kind.replicationFactor(
                want: want.replicationFactor, have: have.replicationFactor)
            differences.append(TopicDifference(topic: want.name, kind: kind, isFatal: false, isWarning: true))
        }
        // Values, not sources: Kafka 4 reports min.insync.replicas as a broker's default on every topic.
        for config in want.configs where configs?[config.name] != config.value {
            let kind = TopicDifference.Kind.config(
                name: config.name, want: config.value, have: configs?[config.name])
            let isWarning = isSmaller && config.name == "min.insync.replicas"
            differences.append(
                TopicDifference(
                    topic: want.name, kind: kind, isFatal: isFatal(config.name, want), isWarning: isWarning))
        }
        return differences
    }

    /// A service relies on what is compacted and what is deleted, and on facts being kept.
    private static func isFatal(_ config: String, _ topic: TopicDeclaration) -> Bool {
        config == "cleanup.policy" || (topic.holdsFacts && (config == "retention.ms" || config == "retention.bytes"))
    }
}
