import Backend
import BackendCore
import Chat
import Testing

/// GUARANTEES, rules 2 and 3; I11 and I12.
@Suite struct LaneTests {
    @Test func anOlderOwnerIsRefused() throws {
        let chat = try ChatFixture()
        let room = try chat.room(with: ["B"])
        let successor = try chat.store.takeLane(incarnation: "test", topic: .chatMessageRequest, partition: 0)
        #expect(successor.epoch == chat.lane.epoch + 1)
        #expect(successor.nextOffset == chat.lane.nextOffset)
        let error = #expect(throws: StoreError.self) { try chat.say(in: room, by: "A") }
        #expect(error == .leaseLost(.chatMessageRequest, partition: 0))
        #expect(error?.isRetriable == false)
        try chat.store.releaseLane(chat.lane, answeredOffset: 1)
        #expect(try chat.sql("SELECT answered_offset FROM chat.lane")[0][0] == "0")
        #expect(try chat.sql("SELECT count(*) FROM chat.event")[0][0] == "0")
        chat.lane = successor
        #expect(try chat.say(in: room, by: "A").short == ["MESSAGE 1"])
    }

    @Test func offsetsMoveAndAreKept() throws {
        let chat = try ChatFixture()
        let room = try chat.room(with: ["B"])
        for _ in 0..<3 { try chat.say(in: room, by: "A") }
        chat.lane.answeredOffset = 2
        try chat.say(in: room, by: "A")
        var again = try chat.store.takeLane(incarnation: "test", topic: .chatMessageRequest, partition: 0)
        #expect(again.nextOffset == 5)
        #expect(again.answeredOffset == 2)
        try chat.store.releaseLane(again, answeredOffset: 99)
        again = try chat.store.takeLane(incarnation: "test", topic: .chatMessageRequest, partition: 0)
        // Never beyond what is decided.
        #expect(again.answeredOffset == 5)
        let other = try chat.store.takeLane(
            incarnation: "a new log", topic: .chatMessageRequest, partition: 0, startOffset: 7)
        #expect(other.epoch == 1)
        #expect(other.nextOffset == 7)
        #expect(other.answeredOffset == 7)
    }

    @Test func severalLanesGoTogetherOrNotAtAll() throws {
        let chat = try ChatFixture()
        let first = try chat.room(with: ["B"])
        let second = try chat.room(with: ["B"])
        let lane = try chat.store.takeLane(incarnation: "test", topic: .chatMessageRequest, partition: 1)
        func batches() -> [LaneBatch] {
            // Given in the order that is not that of their locks.
            [
                LaneBatch(
                    lane: lane,
                    records: [chat.record(.send(MessageSend(roomID: second, message: "2")), by: "B", offset: 10)],
                    answeredOffset: 0),
                LaneBatch(
                    lane: chat.lane,
                    records: [chat.record(.send(MessageSend(roomID: first, message: "1")), by: "A", offset: 20)],
                    answeredOffset: 0),
            ]
        }
        let results = try chat.store.apply(batches(), nowMilliseconds: chat.clock)
        #expect(results.map { Told($0[0]).roomID } == [second, first])
        #expect(try chat.sql("SELECT next_offset FROM chat.lane ORDER BY partition") == [["21"], ["11"]])
        _ = try chat.store.takeLane(incarnation: "test", topic: .chatMessageRequest, partition: 1)
        let error = #expect(throws: StoreError.self) {
            try chat.store.apply(batches(), nowMilliseconds: chat.clock)
        }
        #expect(error == .leaseLost(.chatMessageRequest, partition: 1))
        #expect(try chat.sql("SELECT count(*) FROM chat.event")[0][0] == "2")
        #expect(try chat.store.apply([], nowMilliseconds: chat.clock).isEmpty)
    }
}
