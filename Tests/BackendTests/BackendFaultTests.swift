import BackendCore
import Chat
import Glibc
import JSON
import TestSupport
import Testing

/// Backends that die at the worst moments (GUARANTEES, Faults to inject).
@Suite struct BackendFaultTests {
    @Test(arguments: [
        "polled", "before-transaction", "in-transaction", "after-transaction", "produced", "before-offset",
    ])
    func killedAnywhereItsSuccessorGivesTheSameAnswers(_ failpoint: String) throws {
        let harness = try BackendHarness()
        // The first passing is the making of the room; offsets are committed once a second, after all of it.
        let first = try harness.process(failpoint: failpoint == "before-offset" ? failpoint : "\(failpoint):2")
        let room = try harness.room()
        let ids = try (0..<20).map { try harness.send(.send(MessageSend(roomID: room, message: "\($0)")), by: "A") }
        #expect(try first.end(within: 60) == .signalled(SIGKILL))
        let second = try harness.process()
        let more = try (20..<30).map { try harness.send(.send(MessageSend(roomID: room, message: "\($0)")), by: "B") }
        try harness.awaitResponses("30 facts", seconds: 60) { Set($0.compactMap(\.seq)).count >= 30 }
        #expect(try second.stop() == .exited(0))

        #expect(try harness.flaws(of: room) == "")
        #expect(try harness.sql("SELECT count(*) FROM chat.event") == [["30"]])
        for (index, id) in (ids + more).enumerated() {
            let facts = harness.responses.filter { $0.messageID == id.description }
            // Once or more often, always the same (I4).
            #expect(Set(facts.map(\.seq)) == [Int64(index + 1)])
            #expect(Set(facts.map { $0.value?["createdAt"]?.string }).count == 1)
        }
        let lanes = try harness.sql("SELECT count(*) FROM chat.lane WHERE answered_offset <> next_offset")
        #expect(lanes == [["0"]])
    }

    @Test func oneThatWasThoughtDeadWritesNothingMore() throws {
        let harness = try BackendHarness()
        let zombie = try harness.process()
        let room = try harness.room()
        try harness.send(.send(MessageSend(roomID: room, message: "before")), by: "A")
        _ = try harness.response("before") { $0.seq == 1 }
        zombie.kill(SIGSTOP)
        let epochs = try harness.sql("SELECT sum(epoch) FROM chat.lane")
        let heir = try harness.process()
        for number in 0..<20 { try harness.send(.send(MessageSend(roomID: room, message: "\(number)")), by: "A") }
        try harness.awaitResponses("21 facts", seconds: 60) { Set($0.compactMap(\.seq)).count >= 21 }
        #expect(try harness.sql("SELECT sum(epoch) FROM chat.lane") != epochs)
        zombie.kill(SIGCONT)
        for number in 0..<20 { try harness.send(.send(MessageSend(roomID: room, message: "\(number)")), by: "B") }
        try harness.awaitResponses("41 facts", seconds: 60) { Set($0.compactMap(\.seq)).count >= 41 }
        #expect(try harness.flaws(of: room) == "")
        #expect(try zombie.stop() == .exited(0))
        #expect(try heir.stop() == .exited(0))
        #expect(try harness.sql("SELECT count(*) FROM chat.event") == [["41"]])
    }
}
