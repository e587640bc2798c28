import Kafka
import TestSupport
import Testing

@testable import Topics

@Suite struct TopicComparisonTests {
    private final class Lines {
        var results: [String] = []
        var notes: [String] = []
        var output: Topics.Output {
            Topics.Output(result: { self.results.append($0) }, note: { self.notes.append($0) })
        }
    }

    private func list(_ topics: String) throws -> TopicList {
        let text = "version: 1\ndefaults: {replicationFactor: 3, configs: {min.insync.replicas: 2}}\ntopics:\n" + topics
        return try TopicList(yaml: Array(text.utf8))
    }

    private var facts: String {
        "- {name: facts, partitions: 2, key: k, producers: [], consumers: [], "
            + "configs: {cleanup.policy: delete, retention.ms: -1, retention.bytes: -1}}\n"
    }

    @Test func theEmbeddedBrokerIsOnlyAskedWhatItKnows() throws {
        let kafka = try EmbeddedKafka()
        let configuration = KafkaConfiguration(bootstrap: kafka.bootstrap)
        let lines = Lines()
        let list = try list(facts)
        #expect(Topics.check(list, kafka: configuration, output: lines.output) == 1)
        #expect(lines.results == ["facts: missing"])
        try kafka.createTopic("facts", partitions: 2)
        #expect(Topics.check(list, kafka: configuration, output: lines.output) == 0)
        #expect(Topics.apply(list, kafka: configuration, output: lines.output) == 0)
    }

    @Test func aWrongPartitionCountIsRefusedWithItsRemedy() throws {
        let kafka = try EmbeddedKafka()
        try kafka.createTopic("facts", partitions: 5)
        let admin = try KafkaAdmin(KafkaConfiguration(bootstrap: kafka.bootstrap))
        let comparison = try TopicComparison.make(try list(facts), admin)
        #expect(comparison.isEmbedded)
        #expect(comparison.refusals.count == 1)
        #expect(comparison.refusals.first?.hasPrefix("facts partitions: want 2, have 5: ") == true)
    }

    @Test func saysWhenKafkaIsNotThere() throws {
        let lines = Lines()
        let configuration = KafkaConfiguration(bootstrap: "127.0.0.1:\(FreePorts.take(1)[0])")
        #expect(Topics.check(try list(facts), kafka: configuration, output: lines.output, deadlineMilliseconds: 0) == 1)
        #expect(lines.notes.contains { $0.contains("127.0.0.1") })
        #expect(lines.results.isEmpty)
    }

    @Test func whatServicesRelyOnIsFatalAndTheRestIsNot() throws {
        let want = try #require(try list(facts).topics.first)
        let have = try metadata(partitions: 2, replicas: 1)
        let configs = [
            "cleanup.policy": "compact", "retention.ms": "1000", "retention.bytes": "-1", "min.insync.replicas": "1",
        ]
        let found = TopicComparison.compare(want, have, configs, isEmbedded: false)
        #expect(
            found.filter(\.isFatal).map(\.description) == [
                "facts cleanup.policy: want delete, have compact", "facts retention.ms: want -1, have 1000",
            ])
        #expect(
            found.filter(\.isWarning).map(\.description) == [
                "facts replicationFactor: want 3, have 1", "facts min.insync.replicas: want 2, have 1",
            ])
        // With one replica the wanted 2 would stop every write, so nobody is told to set it.
        #expect(found.filter(\.isWarning).allSatisfy { !$0.remedy.contains("--add-config") })
        #expect(TopicComparison.compare(want, have, configs, isEmbedded: true).isEmpty)
    }

    private func metadata(partitions: Int, replicas: Int) throws -> KafkaMetadata.Topic {
        let kafka = try EmbeddedKafka()
        try kafka.createTopic("facts", partitions: partitions)
        let topics = try KafkaAdmin(KafkaConfiguration(bootstrap: kafka.bootstrap)).metadata().topics
        return try #require(topics.first)
    }

    @Test func fewerBrokersMeanFewerReplicas() throws {
        let topic = try #require(try list(facts).topics.first)
        func made(_ brokers: Int) -> [String] {
            let request = Topics.request(topic, brokers: brokers)
            let insync = request.configs.first { $0.name == "min.insync.replicas" }?.value ?? ""
            return ["\(request.replicationFactor)", insync]
        }
        #expect(made(1) == ["1", "1"])
        #expect(made(2) == ["2", "1"])
        #expect(made(3) == ["3", "2"])
        #expect(made(5) == ["3", "2"])
    }
}

/// Against Apache Kafka, where `MADANG_TEST_KAFKA` names a folder with one.
@Suite(.enabled(if: RealKafka.isAvailable, "MADANG_TEST_KAFKA is not set"))
struct TopicsRealKafkaTests {
    @Test func applyThenCheckThenDiffer() throws {
        let kafka = try RealKafka(brokers: 1)
        defer { kafka.destroy() }
        let configuration = KafkaConfiguration(bootstrap: kafka.bootstrap)
        var list = try TopicList(yaml: TopicList.embeddedBytes)
        var results: [String] = []
        var notes: [String] = []
        let output = Topics.Output(result: { results.append($0) }, note: { notes.append($0) })
        #expect(Topics.apply(list, kafka: configuration, output: output) == 0, "\(results) \(notes)")
        #expect(results.count == list.topics.count)
        results = []
        #expect(Topics.apply(list, kafka: configuration, output: output) == 0)
        #expect(Topics.check(list, kafka: configuration, output: output) == 0)
        #expect(results.isEmpty)
        #expect(notes.contains { $0.contains("replicationFactor: want 3, have 1") })

        let index = try #require(list.topics.firstIndex { $0.holdsFacts })
        list.topics[index].partitions += 1
        let policy = try #require(list.topics[index].configs.firstIndex { $0.name == "cleanup.policy" })
        list.topics[index].configs[policy].value = "compact"
        #expect(Topics.check(list, kafka: configuration, output: output) == 1)
        let name = list.topics[index].name
        #expect(
            results == ["\(name) partitions: want 13, have 12", "\(name) cleanup.policy: want compact, have delete"])
    }
}
