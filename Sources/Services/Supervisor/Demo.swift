import HTTP
import JSON
import Linux
import Logging

/// The people and the room of `--demo`, made through the first front as anyone would. Changes nobody who is there.
struct Demo: Sendable {
    static let people = [("alice", "Alice"), ("bob", "Bob"), ("carol", "Carol")]
    private static let password = "demo"

    let http: LoopbackHTTP
    let logger: Logger
    /// Whether to give up.
    let isOver: @Sendable () -> Bool

    private enum Outcome { case done, again, refused(String) }

    /// Makes what is missing; waits for as long as the services cannot answer.
    func make() {
        for (userID, name) in Demo.people {
            repeatUntilDone("\(userID) is not made") {
                post("/users", [("userId", userID), ("userName", name), ("password", Demo.password)], [201, 409]).0
            }
        }
        var token: String?
        repeatUntilDone("room 1 is not made") {
            let (outcome, answer) = post("/sessions", [("userId", "alice"), ("password", Demo.password)], [200])
            token = answer?["token"]?.string
            return outcome
        }
        guard let token else { return }
        let fields = [HTTPField("Authorization", "Bearer \(token)")]
        repeatUntilDone("room 1 is not made") { makeRoom(fields) }
        _ = http.ask("DELETE", "/sessions/current", fields: fields)
    }

    private func makeRoom(_ fields: [HTTPField]) -> Outcome {
        guard let there = http.ask("GET", "/chat/1?limit=1", fields: fields) else { return .again }
        if there.status == 200 { return .done }
        if there.status != 403 { return outcome(there, []) }
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("roomName")
        writer.string("마당")
        writer.key("kind")
        writer.string("open")
        writer.key("userIds")
        writer.beginArray()
        writer.endArray()
        writer.endObject()
        // The key keeps a database whose room 1 is somebody's own from getting another room with each start.
        let key = HTTPField("Idempotency-Key", "madang-demo-room-1")
        guard let made = http.ask("POST", "/rooms", fields: fields + [key], body: writer.bytes) else { return .again }
        return outcome(made, [200, 201])
    }

    private func post(_ target: String, _ members: [(StaticString, String)], _ expected: [Int]) -> (Outcome, JSONValue?)
    {
        var writer = JSONWriter()
        writer.beginObject()
        for (key, value) in members {
            writer.key(key)
            writer.string(value)
        }
        writer.endObject()
        guard let answer = http.ask("POST", target, body: writer.bytes) else { return (.again, nil) }
        return (outcome(answer, expected), answer.value)
    }

    private func outcome(_ answer: LoopbackHTTP.Answer, _ expected: [Int]) -> Outcome {
        if expected.contains(answer.status) { return .done }
        if [408, 429, 500, 503, 504].contains(answer.status) { return .again }
        return .refused("\(answer.status) \(answer.value?["error"]?["code"]?.string ?? "")")
    }

    private func repeatUntilDone(_ what: String, _ attempt: () -> Outcome) {
        while !isOver() {
            switch attempt() {
            case .done: return
            case .refused(let why): return logger.warning("demo: \(what): \(why)")
            case .again: SystemClock.sleep(milliseconds: 200)
            }
        }
    }
}
