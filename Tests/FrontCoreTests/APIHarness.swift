import Chat
import Crypto
import JSON
import TestSupport
import Testing

@testable import FrontCore

/// A node's HTTP API without a shell: requests go in, records come out, and a test answers them as a backend does.
final class APIHarness {
    /// A record that waits for its answer.
    struct Asked {
        let topic: Topic
        let key: String
        let headers: RecordHeaders
        let value: JSONValue
    }

    let node: FrontNode
    var asked: [Asked] = []
    var jobs: [(job: UInt64, password: [UInt8], salt: [UInt8], iterations: Int)] = []
    /// Octets of every record there was, to look for what must never be in one.
    var everything: [UInt8] = []
    private var responses: [HTTPRequestID: [APIResponse]] = [:]
    private var counter: UInt64 = 0

    static let start: Int64 = 1_795_233_600_000

    init(configure: (inout FrontSettings) -> Void = { _ in }) {
        let keys = SessionKeys(secret: Array(repeating: 7, count: 32)) { HMACSHA256.code($1, key: $0) }
        var settings = FrontSettings(
            frontID: "front-1", boot: MessageID(high: 1, low: 2), replyPartition: 3, keys: keys)
        settings.passwordIterations = 4096
        configure(&settings)
        node = FrontNode(
            settings: settings, clock: FrontClock(wallMilliseconds: Self.start, monotonicMilliseconds: 1_000_000),
            random: SeededRandom(seed: 7))
    }

    /// A token of `userID`, as a log-in gives it.
    func token(_ userID: String, session: MessageID = MessageID(high: 0x7000, low: 9)) -> String {
        SessionToken(
            userID: userID, sessionID: session, issuedAtMilliseconds: Self.start,
            expiresAtMilliseconds: Self.start + node.settings.sessionMilliseconds
        ).text(key: node.settings.keys.token)
    }

    /// Sends a request as `user` (whose session a backend confirms), nil for nobody.
    func send(
        _ method: String, _ target: String, _ body: String = "", as user: String? = "A", key: String? = nil,
        configure: (inout APIRequest) -> Void = { _ in }
    ) -> HTTPRequestID {
        let parts = target.split(separator: "?", maxSplits: 1)
        var query: [(name: String, value: String)] = []
        for item in parts.dropFirst().joined().split(separator: "&") {
            let pair = item.split(separator: "=", maxSplits: 1)
            query.append((String(pair[0]), pair.count < 2 ? "" : String(pair[1])))
        }
        var request = APIRequest(
            method: method, path: parts[0].split(separator: "/").map(String.init), query: query,
            body: Array(body.utf8))
        if let user { request.authorization = "Bearer \(token(user))" }
        request.idempotencyKey = key
        request.host = "127.0.0.1:8081"
        request.userAgent = "tests"
        counter += 1
        request.requestID = "request-\(counter)"
        configure(&request)
        let id = HTTPRequestID(raw: counter)
        node.handle(request, id: id)
        run()
        if let user, asked.last?.headers.type == "user.check" {
            answer(asked.removeLast(), #"{"userId":"\#(user)","userName":"name of \#(user)"}"#)
        }
        return id
    }

    /// Carries out what the node wants.
    func run() {
        for action in node.takeActions() {
            switch action {
            case .produce(let topic, let key, let headers, let value):
                everything += key + value + Array(headers.pairs.map(\.value).joined(separator: " ").utf8)
                let tree = (try? JSONParser.parse(value)) ?? .null
                asked.append(
                    Asked(topic: topic, key: String(decoding: key, as: UTF8.self), headers: headers, value: tree))
            case .respond(let id, let response): responses[id, default: []].append(response)
            case .derive(let job, let password, let salt, let iterations):
                jobs.append((job, password, salt, iterations))
            default: Issue.record("the API does not do \(action)")
            }
        }
    }

    /// Takes the oldest record that waits, which must be of `type`.
    func take(_ type: RecordType, sourceLocation: SourceLocation = #_sourceLocation) throws -> Asked {
        let first = try #require(asked.first, sourceLocation: sourceLocation)
        try #require(first.headers.type == type.rawValue, sourceLocation: sourceLocation)
        return asked.removeFirst()
    }

    /// Answers a record as a backend does.
    func answer(_ record: Asked, _ value: String, refused: Bool = false, epoch: Int64 = 1) {
        var headers = RecordHeaders(type: record.headers.type)
        headers.correlationID = record.headers.correlationID
        headers.messageID = record.headers.messageID
        headers.outcome = refused ? .refused : .stored
        headers.epoch = epoch
        Array(value.utf8).withUnsafeBytes { node.answered(headers: headers, value: $0) }
        run()
    }

    /// Refuses a record as a backend does.
    func refuse(_ record: Asked, _ code: ChatError.Code) {
        answer(record, #"{"error":{"code":"\#(code.rawValue)","message":"because"}}"#, refused: true)
    }

    /// Computes the oldest password job.
    func derive() throws {
        try #require(!jobs.isEmpty)
        let job = jobs.removeFirst()
        let key = PBKDF2SHA256.derive(password: job.password, salt: job.salt, iterations: job.iterations)
        node.derived(job: job.job, key: key)
        run()
    }

    /// Lets time pass.
    func pass(milliseconds: Int64) {
        node.clock.wallMilliseconds += milliseconds
        node.clock.monotonicMilliseconds += milliseconds
        node.tick()
        run()
    }

    /// The one answer to a request, nil where there is none yet.
    func response(_ id: HTTPRequestID, sourceLocation: SourceLocation = #_sourceLocation) -> Seen? {
        let all = responses[id] ?? []
        #expect(all.count < 2, "answered \(all.count) times", sourceLocation: sourceLocation)
        return all.first.map(Seen.init)
    }

    /// An answer as a client sees it.
    struct Seen {
        let status: Int
        let headers: [(name: String, value: String)]
        let text: String
        let body: JSONValue

        fileprivate init(_ response: APIResponse) {
            status = response.status
            headers = response.headers
            text = String(decoding: response.body, as: UTF8.self)
            body = (try? JSONParser.parse(response.body)) ?? .null
        }

        /// The code of a refusal.
        var code: String? { body["error"]?["code"]?.string }

        /// The value of a header.
        subscript(header: String) -> String? { headers.first { $0.name == header }?.value }
    }
}
