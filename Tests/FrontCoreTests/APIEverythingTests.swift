import Chat
import TestSupport
import Testing

@testable import FrontCore

@Suite struct APIEverythingTests {
    private static let targets = [
        "/users", "/users/me", "/users/B", "/users/me/status", "/sessions", "/sessions/current", "/rooms",
        "/rooms?kind=open", "/chat/1", "/chat/1?since=3&limit=7", "/chat/1?epoch=1", "/chat/1/read",
        "/chat/1/participants", "/chat/1/participants/B", "/chat/1/participants/me", "/", "/chat", "/chat/1/nothing",
    ]
    private static let bodies = [
        "", "{", "[]", "{}", #"{"message":"a"}"#, #"{"seq":3}"#, #"{"userIds":["me","B"]}"#, #"{"role":"admin"}"#,
        #"{"userName":"n","userStatus":"s"}"#, #"{"userId":"B","password":"abcd"}"#,
        #"{"userId":"B","userName":"b","password":"abcd"}"#, #"{"roomName":"r","kind":"group"}"#,
        #"{"kind":"direct","userIds":["B"]}"#,
    ]
    private static let answers = [
        "", "{}", "[]", #"{"roomId":4}"#, #"{"roomId":4,"kind":"direct","lastSeq":9,"lastReadSeq":2,"epoch":2}"#,
        #"{"lastSeq":9,"more":true,"chatMessage":[{"seq":5},{"seq":6}]}"#, #"{"lastSeq":9,"chatMessage":[]}"#,
        #"{"rooms":[],"participants":[{}],"sessions":[1],"users":[{"userId":"B"}]}"#,
        #"{"userId":"A","userName":"a"}"#, #"{"serverFirst":"r=x","serverFinal":"v="}"#,
        #"{"seq":4,"createdAt":"x"}"#,
    ]

    /// Whatever is asked, and whatever a backend says or does not say: one answer, and no more.
    @Test(arguments: 0..<20 as Range<UInt64>)
    func everyRequestIsAnsweredOnce(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let harness = APIHarness()
        var ids: [HTTPRequestID] = []
        for _ in 0..<100 {
            let method = ["GET", "PUT", "POST", "DELETE", "PATCH"].randomElement(using: &random) ?? ""
            let target = Self.targets.randomElement(using: &random) ?? ""
            let body = Self.bodies.randomElement(using: &random) ?? ""
            let key = Bool.random(using: &random) ? "k\(random.next() % 5)" : nil
            ids.append(harness.send(method, target, body, as: Bool.random(using: &random) ? "A" : nil, key: key))
            while !harness.asked.isEmpty, random.next() % 4 > 0 {
                let record = harness.asked.remove(at: Int(random.next() % UInt64(harness.asked.count)))
                let answer = Self.answers.randomElement(using: &random) ?? ""
                switch random.next() % 4 {
                case 0: harness.refuse(record, ChatError.Code.allCases.randomElement(using: &random) ?? .internal)
                case 1:
                    harness.node.produceFailed(
                        counter: record.headers.correlationID?.counter ?? 0, maybe: Bool.random(using: &random))
                    harness.run()
                default: harness.answer(record, answer)
                }
            }
            if !harness.jobs.isEmpty, Bool.random(using: &random) {
                harness.node.derived(job: harness.jobs.removeFirst().job, key: [UInt8](repeating: 1, count: 32))
                harness.run()
            }
            harness.pass(milliseconds: Int64(random.next() % 3000))
        }
        for _ in 0..<10 { harness.pass(milliseconds: 20_000) }
        for (index, id) in ids.enumerated() {
            let seen = try #require(harness.response(id), "request \(index) of seed \(seed) has no answer")
            #expect((200...504).contains(seen.status) && seen["X-Request-Id"] == "request-\(index + 1)")
            #expect(seen.status < 400 || seen.code != nil)
        }
    }
}
