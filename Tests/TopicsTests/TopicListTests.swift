import Chat
import Testing
import YAML

@testable import Topics

@Suite struct TopicListTests {
    private static let whole = "name: a, partitions: 1, replicationFactor: 1, key: k, producers: [], consumers: []"

    private func parse(_ text: String) throws -> TopicList { try TopicList(yaml: Array(text.utf8)) }

    @Test func theBuiltInListNamesAllTopicsOfTheContract() throws {
        let list = try TopicList(yaml: TopicList.embeddedBytes)
        #expect(Set(list.topics.map(\.name)) == Set(Topic.allCases.map(\.rawValue)))
        let facts = list[name: "kakao.chat.chatMessage.RESPONSE"]
        #expect(facts?.config("cleanup.policy") == "delete")
        #expect(facts?.config("retention.ms") == "-1")
        #expect(facts?.config("retention.bytes") == "-1")
        #expect(facts?.holdsFacts == true)
        for name in ["kakao.user.RESPONSE", "kakao.chat.session", "kakao.chat.presence"] {
            #expect(list[name: name]?.config("cleanup.policy") == "compact", "\(name)")
        }
        #expect(list.topics.allSatisfy { $0.config("min.insync.replicas") == "2" && $0.replicationFactor == 3 })
    }

    @Test func everyRequestIsStampedByTheLogAndEveryTypeHasItsShape() throws {
        let list = try TopicList(yaml: TopicList.embeddedBytes)
        for type in RecordType.allCases {
            let topic = list[name: type.topic.rawValue]
            #expect(topic?.config("message.timestamp.type") == "LogAppendTime", "\(type)")
            #expect(topic?.payloads.contains { $0.type == type.rawValue } == true, "\(type)")
        }
        // A question is answered in the partition that its asker named, whatever the topic.
        let answers = ["kakao.chat.chatRoom.RESPONSE", "kakao.user.RESPONSE"].map { list[name: $0]?.partitions }
        #expect(Set(answers).count == 1)
    }

    @Test(arguments: [
        ("version: 2\ntopics: []", "version must be 1"),
        ("version: 1\ntopics: []", "at least one topic"),
        ("version: 1\ntopic: []", "unknown field 'topic'"),
        ("version: 1\ntopics: [{name: a}]", "partitions must be"),
        ("version: 1\ntopics: [{name: a, partitions: 0, replicationFactor: 1, key: k}]", "from 1 to 10000"),
        ("version: 1\ntopics: [{name: a, partitions: 1, key: k}]", "replicationFactor must be"),
        ("version: 1\ntopics: [{name: a, partitions: 1, replicationFactor: 1, key: k}]", "producers must be a list"),
        ("version: 1\ntopics: [{name: a, partitons: 1}]", "unknown field 'partitons'"),
        ("version: 1\ntopics:\n- {\(TopicListTests.whole)}\n- {\(TopicListTests.whole)}", "twice"),
        ("version: 1\ntopics: [", "did not find"),
    ])
    func saysWhatIsWrong(_ text: String, _ words: String) {
        #expect {
            _ = try parse(text)
        } throws: { ($0 as? YAMLError)?.message.contains(words) == true }
    }

    @Test func aFileThatIsNotThereIsSaid() {
        #expect {
            _ = try TopicList.load(path: "/nowhere/topics.yaml")
        } throws: { "\($0)".contains("/nowhere/topics.yaml cannot be read") }
    }
}
