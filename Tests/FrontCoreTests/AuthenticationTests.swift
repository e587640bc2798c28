import Chat
import JSON
import Testing

@testable import FrontCore

@Suite struct AuthenticationTests {
    private final class Heard {
        var results: [Result<Person, ChatError>] = []
    }

    private func authenticate(_ harness: APIHarness, _ token: String, _ heard: Heard) {
        harness.node.authenticate(token: token) { heard.results.append($0) }
        harness.run()
    }

    @Test func asksOnceForOneToken() throws {
        let harness = APIHarness()
        let heard = Heard()
        let token = harness.token("A")
        for _ in 0..<3 { authenticate(harness, token, heard) }
        #expect(harness.asked.count == 1 && heard.results.isEmpty)
        let check = try harness.take(.userCheck)
        #expect(check.key == "A" && check.value["expiresAt"]?.integer != nil)
        harness.answer(check, #"{"userId":"A","userName":"에이"}"#)
        authenticate(harness, token, heard)
        #expect(heard.results.count == 4 && harness.asked.isEmpty)
        #expect(heard.results.allSatisfy { (try? $0.get().userName) == "에이" })
    }

    @Test func nobodyThereIsUnavailable() throws {
        let harness = APIHarness()
        let heard = Heard()
        authenticate(harness, harness.token("A"), heard)
        harness.pass(milliseconds: 5001)
        #expect(heard.results == [.failure(.sessionUnknown)])
        // It is asked again, and may be answered then.
        harness.asked = []
        authenticate(harness, harness.token("A"), heard)
        harness.answer(try harness.take(.userCheck), #"{"userId":"A","userName":"a"}"#)
        #expect(heard.results.count == 2 && (try? heard.results[1].get().userID) == "A")
    }

    @Test(arguments: [(ChatError.Code.unauthenticated, ChatError.Code.unauthenticated), (.internal, .unavailable)])
    func refusals(_ told: ChatError.Code, _ heardCode: ChatError.Code) throws {
        let harness = APIHarness()
        let heard = Heard()
        authenticate(harness, harness.token("A"), heard)
        harness.refuse(try harness.take(.userCheck), told)
        guard case .failure(let refusal)? = heard.results.first else {
            Issue.record("not refused")
            return
        }
        #expect(refusal.code == heardCode)
    }

    @Test func whatEndedStaysEnded() throws {
        let harness = APIHarness()
        let heard = Heard()
        let session = MessageID(high: 0x7000, low: 9)
        authenticate(harness, harness.token("A"), heard)
        // The end outruns the answer.
        let check = try harness.take(.userCheck)
        harness.node.sessionEnded(sessionID: session.description)
        harness.answer(check, #"{"userId":"A","userName":"a"}"#)
        authenticate(harness, harness.token("A"), heard)
        #expect(heard.results == [.failure(.badSession), .failure(.badSession)] && harness.asked.isEmpty)
        harness.node.sessionEnded(sessionID: "no uuid")
    }

    @Test func aSessionInUseIsToldNowAndThen() throws {
        let harness = APIHarness()
        let heard = Heard()
        let token = harness.token("A")
        authenticate(harness, token, heard)
        harness.answer(try harness.take(.userCheck), #"{"userId":"A","userName":"a"}"#)
        harness.pass(milliseconds: harness.node.settings.sessionRefreshMilliseconds)
        for _ in 0..<3 { authenticate(harness, token, heard) }
        #expect(heard.results.count == 4 && harness.asked.count == 1)
        // No answer changes nothing; that it ended does.
        harness.refuse(try harness.take(.userCheck), .internal)
        authenticate(harness, token, heard)
        harness.pass(milliseconds: harness.node.settings.sessionRefreshMilliseconds)
        authenticate(harness, token, heard)
        #expect(heard.results.allSatisfy { (try? $0.get()) != nil })
        harness.refuse(try harness.take(.userCheck), .unauthenticated)
        authenticate(harness, token, heard)
        #expect(heard.results.last == .failure(.badSession))
    }

    @Test func endsWithItsTime() throws {
        let harness = APIHarness()
        let heard = Heard()
        authenticate(harness, harness.token("A"), heard)
        harness.answer(try harness.take(.userCheck), #"{"userId":"A","userName":"a"}"#)
        harness.pass(milliseconds: harness.node.settings.sessionMilliseconds)
        authenticate(harness, harness.token("A"), heard)
        #expect(heard.results.last == .failure(.badSession))
    }

    @Test func factsAboutPeopleChangeNames() throws {
        let harness = APIHarness()
        harness.node.directory.learn(userID: "A", name: "old")
        func fact(_ key: String, _ value: String?) {
            guard let value else { return harness.node.userFact(key: Array(key.utf8), value: nil) }
            Array(value.utf8).withUnsafeBytes { harness.node.userFact(key: Array(key.utf8), value: $0) }
        }
        fact("reply:front-1", #"{"userId":"A","userName":"wrong"}"#)
        #expect(harness.node.directory["A"]?.name == "old")
        fact("A", #"{"userId":"A","userName":"new","userStatus":"","createdAt":"x","credential":"x"}"#)
        fact("B", #"{"userId":"B","userName":"b"}"#)
        #expect(harness.node.directory["A"]?.name == "new" && harness.node.directory["B"] == nil)
        fact("A", #"{"deletedAs":"deleted-12345678"}"#)
        #expect(harness.node.directory["A"] == nil)
        fact("A", nil)
    }

    @Test func recentEntriesForgetTheOldest() {
        var entries = RecentEntries<Int, Int>(entriesMax: 10)
        for key in 0..<1000 {
            entries.set(key, key)
            #expect(entries.look(0) == 0 && entries.count <= 10)
        }
        #expect(entries.look(999) == 999 && entries.look(500) == nil)
        entries.remove(0)
        #expect(entries.look(0) == nil)
    }
}
