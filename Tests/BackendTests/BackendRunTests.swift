import Backend
import BackendCore
import Chat
import JSON
import Kafka
import Postgres
import TestSupport
import Testing

@Suite struct BackendRunTests {
    @Test func commandsBecomeFactsAndQuestionsAreAnswered() throws {
        let harness = try BackendHarness()
        let backend = try harness.backend()
        defer { backend.stop() }
        let room = try harness.room()
        let ids = try (0..<50).map { number in
            try harness.send(
                .send(MessageSend(roomID: room, message: "text \(number)")), by: number % 2 == 0 ? "A" : "B")
        }
        try harness.awaitResponses("50 facts") { $0.filter { $0.seq != nil }.count >= 50 }
        let facts = ids.map { id in harness.responses.first { $0.messageID == id.description } }
        #expect(facts.map { $0?.seq } == (1...50).map { Int64($0) })
        #expect(facts.allSatisfy { $0?.outcome == "stored" && $0?.key == "\(room)" && $0?.headers["epoch"] == "1" })
        #expect(Set(facts.map { $0?.partition }).count == 1)
        #expect(try harness.flaws(of: room) == "")

        let correlation = try harness.ask(.enter(roomID: room), by: "A", partition: 2)
        let answer = try harness.response("answer") { $0.headers["correlation-id"] == correlation }
        #expect(answer.topic == Topic.chatRoomResponse.rawValue)
        #expect(answer.partition == 2)
        #expect(answer.key == "reply:front-1")
        #expect(answer.value?["lastSeq"]?.integer == 50)
        #expect(Deadline.wait(seconds: 20) { backend.isReady })
        let metrics = backend.get("/metrics").body
        #expect(metrics.contains("madang_commands_total 51"))
        #expect(metrics.contains("madang_kafka_lag{topic=\"kakao.chat.chatMessage.REQUEST\",partition=\"0\""))
        #expect(backend.get("/healthz").status == 200)
        #expect(backend.get("/nothing").status == 404)
        #expect(backend.stop() == 0)
        // What was answered is handed back as answered.
        let rows = try harness.sql("SELECT sum(next_offset - answered_offset) FROM chat.lane")
        #expect(rows == [["0"]])
    }

    @Test func refusalsAndPoisonDoNotHurtTheirNeighbours() throws {
        let harness = try BackendHarness()
        let backend = try harness.backend()
        defer { backend.stop() }
        let room = try harness.room()
        let stranger = try harness.send(.send(MessageSend(roomID: room, message: "hm")), by: "nobody")
        let late = try harness.send(.send(MessageSend(roomID: room, message: "late")), by: "A", secondsLeft: -60)
        var alien = RecordHeaders(type: "message.send")
        alien.userID = "A"
        alien.messageID = harness.newID()
        try harness.produce(.chatMessageRequest, Array("\(room)".utf8), Array("{nonsense".utf8), alien)
        try harness.produce(.chatMessageRequest, Array("\(room)".utf8), nil, RecordHeaders(type: "whatever"))
        let good = try harness.send(.send(MessageSend(roomID: room, message: "good")), by: "A")

        #expect(try harness.response("good") { $0.messageID == good.description }.seq == 1)
        #expect(try harness.response("stranger") { $0.messageID == stranger.description }.outcome == "refused")
        let refused = try harness.response("late") { $0.messageID == late.description }
        #expect(refused.value?["error"]?["code"]?.string == "not_confirmed")
        try harness.awaitResponses("two dead letters") {
            $0.filter { $0.topic == Topic.deadLetter.rawValue }.count == 2
        }
        let letters = harness.responses.filter { $0.topic == Topic.deadLetter.rawValue }
        #expect(Set(letters.map { $0.headers["type"] ?? "" }) == ["message.send", "whatever"])
        #expect(letters.allSatisfy { $0.headers["dead-letter-topic"] == Topic.chatMessageRequest.rawValue })
        #expect(letters.allSatisfy { ($0.headers["dead-letter-reason"] ?? "").isEmpty == false })
        #expect(letters.allSatisfy { $0.headers["dead-letter-offset"] != nil && $0.key == "\(room)" })
    }

    @Test func questionsThatAreTooLateAreDropped() throws {
        let harness = try BackendHarness()
        let late = try harness.ask(.ping, by: "A", secondsLeft: -5)
        let good = try harness.ask(.ping, by: "A")
        let backend = try harness.backend()
        defer { backend.stop() }
        _ = try harness.response("answer") { $0.headers["correlation-id"] == good }
        #expect(!harness.responses.contains { $0.headers["correlation-id"] == late })
    }

    @Test func aLostConnectionToPostgresIsOnlyAPause() throws {
        let harness = try BackendHarness()
        let backend = try harness.backend()
        defer { backend.stop() }
        let room = try harness.room()
        for number in 0..<30 {
            try harness.send(.send(MessageSend(roomID: room, message: "\(number)")), by: "A")
            if number % 10 == 5 {
                try harness.sql(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                        + "WHERE datname = current_database() AND pid <> pg_backend_pid()")
            }
        }
        try harness.awaitResponses("30 facts") { Set($0.compactMap(\.seq)).count >= 30 }
        #expect(try harness.flaws(of: room) == "")
        #expect(try harness.sql("SELECT count(*) FROM chat.event") == [["30"]])
    }

    @Test func answersThatDoNotGetIntoTheLogAreGivenAgain() throws {
        let harness = try BackendHarness()
        let backend = try harness.backend()
        defer { backend.stop() }
        let room = try harness.room()
        // The front's own producer must not get the errors, so its record goes first, and waits in a slow log.
        let id = harness.newID()
        try harness.send(.send(MessageSend(roomID: room, message: "once")), by: "A", id: id)
        harness.producer.flush(deadlineMilliseconds: 5_000)
        // INVALID_REQUIRED_ACKS: nothing that is tried again by itself.
        for _ in 0..<2 { try harness.kafka.pushFault(.produce, rawCode: 21) }
        let next = try harness.send(.send(MessageSend(roomID: room, message: "twice")), by: "A")
        _ = next
        try harness.awaitResponses("the first fact") { $0.contains { $0.messageID == id.description } }
        #expect(try harness.flaws(of: room) == "")
    }

    @Test func twoBackendsShareThePartitionsAndTakeOverFromEachOther() throws {
        let harness = try BackendHarness()
        let first = try harness.backend()
        defer { first.stop() }
        let room = try harness.room()
        let second = try harness.backend()
        defer { second.stop() }
        #expect(Deadline.wait(seconds: 40) { first.isReady && second.isReady }, "\(first.get("/readyz"))")
        func owned(_ backend: RunningBackend) -> Int {
            backend.get("/metrics").body.split(separator: "\n").filter {
                $0.hasPrefix("madang_kafka_unanswered{topic=\"kakao.chat.chatMessage.REQUEST\"")
            }.count
        }
        #expect(owned(first) == 2)
        #expect(owned(second) == 2)
        for number in 0..<20 { try harness.send(.send(MessageSend(roomID: room, message: "\(number)")), by: "A") }
        try harness.awaitResponses("20 facts") { Set($0.compactMap(\.seq)).count >= 20 }
        #expect(first.stop() == 0)
        for number in 20..<40 { try harness.send(.send(MessageSend(roomID: room, message: "\(number)")), by: "A") }
        try harness.awaitResponses("40 facts") { Set($0.compactMap(\.seq)).count >= 40 }
        #expect(Deadline.wait(seconds: 20) { owned(second) == 4 })
        #expect(try harness.flaws(of: room) == "")
    }

    @Test func aLogThatEndsBeforeWhatTheDatabaseHasSeenStopsLoudly() throws {
        let harness = try BackendHarness()
        let admin = try KafkaAdmin(harness.configuration)
        try harness.sql(
            "INSERT INTO chat.lane (incarnation, topic, partition, epoch, next_offset, answered_offset) "
                + "VALUES ('\(admin.clusterID())', '\(Topic.chatMessageRequest.rawValue)', 2, 1, 1000, 1000)")
        let backend = try harness.backend()
        defer { backend.stop() }
        #expect(
            Deadline.wait(seconds: 20) {
                backend.get("/readyz").body.contains("the log ends at 0, before the 1000")
            }, "\(backend.get("/readyz"))")
        #expect(backend.get("/readyz").status == 503)
    }

    @Test func saysWhatItWaitsFor() throws {
        let harness = try BackendHarness()
        let down = KafkaConfiguration(bootstrap: "127.0.0.1:\(FreePorts.take(1)[0])")
        let backend = try RunningBackend(
            Backend.Configuration(kafka: down, store: ChatStore.Configuration(uri: harness.uri)))
        #expect(Deadline.wait(seconds: 10) { backend.get("/readyz").body.contains("no broker answers") })
        #expect(backend.get("/readyz").status == 503)
        #expect(backend.stop() == 0)

        let empty = try PostgresURI("host=127.0.0.1 port=\(FreePorts.take(1)[0]) user=x dbname=x")
        let waiting = try RunningBackend(
            Backend.Configuration(kafka: harness.configuration, store: ChatStore.Configuration(uri: empty)))
        #expect(Deadline.wait(seconds: 10) { waiting.get("/readyz").body.contains("postgres:") })
        #expect(waiting.stop() == 0)
    }

    @Test func refusesToRunWithWrongTopics() throws {
        let harness = try BackendHarness()
        var configuration = Backend.Configuration(
            kafka: harness.configuration, store: ChatStore.Configuration(uri: harness.uri))
        configuration.topics = { _ throws(KafkaError) in Backend.TopicFindings(refusals: ["t: missing"]) }
        let backend = try RunningBackend(configuration)
        #expect(backend.stop() == 1)
    }
}
