import Foundation
import TestSupport
import Testing

/// With three real brokers: the same promises, and the topics as topics.yaml has them.
@Suite(.serialized, .enabled(if: RealKafka.isAvailable, "MADANG_TEST_KAFKA names no Kafka"))
struct RealKafkaTests {
    @Test(.timeLimit(.minutes(6)))
    func peopleChatWhileBrokersAndPartsAreKilled() throws {
        let kafka = try RealKafka(brokers: 3)
        let system = try MadangSystem(["--demo", "--fronts", "2", "--backends", "2", "--kafka", kafka.bootstrap])
        #expect(system.printed("kafka") == [kafka.bootstrap])
        #expect(system.pid(of: "broker") == nil)
        let conversation = try Conversation(system)
        try conversation.goesOn()
        try kafka.do("kill", broker: 2)
        try conversation.goesOn(20, within: 60)
        try system.signal("backend-1", SIGKILL)
        try conversation.goesOn(20, within: 60)
        try kafka.do("restart", broker: 2)
        try system.signal("front-1", SIGKILL)
        try conversation.goesOn(20, within: 60)
        try conversation.check(within: 60)
        #expect(try system.stop().ending == .exited(0))
    }

    @Test(.timeLimit(.minutes(4)))
    func topicsAreMadeCheckedAndCompared() throws {
        let kafka = try RealKafka(brokers: 1)
        let folder = try TemporaryDirectory()
        // One broker cannot hold three copies of a topic.
        let own = try ownTopics(replication: 1)
        try own.write(toFile: folder.file("topics.yaml"), atomically: true, encoding: .utf8)
        func topics(_ action: String, _ file: String = "topics.yaml") throws -> (
            ChildProcess.Ending, [String], [String]
        ) {
            let result = try MadangProcess.run(
                ["topics", action, "--kafka", kafka.bootstrap, "--topics", folder.file(file)], within: 60)
            return (result.ending, result.lines, result.errorLines)
        }
        let missing = try topics("check")
        #expect(missing.0 == .exited(1) && missing.1.contains { $0.contains("kakao.chat.chatMessage.REQUEST") })
        #expect(try topics("apply").0 == .exited(0))
        #expect(try topics("apply").0 == .exited(0))
        #expect(try topics("check").0 == .exited(0))
        let listed = try topics("list")
        for name in ["chatMessage.REQUEST", "chatMessage.RESPONSE", "chatRoom.REQUEST", "session", "deadLetter"] {
            #expect(listed.1.contains { $0.contains("kakao.chat.\(name)") })
        }
        let first = try #require(own.firstMatch(of: /partitions: *([0-9]+)/)?.1)
        let changed = own.replacing("partitions: \(first)", with: "partitions: \((Int(first) ?? 1) + 5)")
        try changed.write(toFile: folder.file("changed.yaml"), atomically: true, encoding: .utf8)
        let differs = try topics("check", "changed.yaml")
        #expect(differs.0 == .exited(1) && differs.1.contains { $0.contains("partitions") }, "\(differs)")
        try refuses(kafka, topics: folder.file("changed.yaml"))
    }

    /// A front that finds other topics than topics.yaml says refuses to run, and says how to mend it.
    private func refuses(_ kafka: RealKafka, topics: String) throws {
        let folder = try TemporaryDirectory()
        try Data(repeating: 7, count: 32).write(to: URL(filePath: folder.file("key")))
        let ports = FreePorts.take(2)
        let front = try MadangProcess.run(
            [
                "front", "--kafka", kafka.bootstrap, "--topics", topics, "--http", "127.0.0.1:\(ports[0])", "--stomp",
                "127.0.0.1:\(ports[1])", "--session-key", folder.file("key"),
            ], within: 60)
        #expect(front.ending == .exited(1))
        #expect(front.errorLines.contains { $0.contains("partitions") && $0.contains("topics") }, "\(front.errorLines)")
    }

    private func ownTopics(replication: Int) throws -> String {
        let path = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../topics.yaml")
        let text = try String(contentsOf: path, encoding: .utf8)
        return text.replacing(/replication(Factor|-factor)?: *[0-9]+/) { match in
            "\(match.0.split(separator: ":")[0]): \(replication)"
        }
        .replacing(/min\.insync\.replicas: *[0-9]+/, with: "min.insync.replicas: 1")
    }
}
