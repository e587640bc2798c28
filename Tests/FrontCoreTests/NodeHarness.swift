import Chat
import JSON
import TestSupport

@testable import FrontCore

/// A node without a shell: what it produces is answered as a backend would, what it sends is kept as text.
final class NodeHarness {
    let node: FrontNode
    /// Requests not answered yet.
    var requests: [(topic: Topic, key: [UInt8], headers: RecordHeaders, value: [UInt8])] = []
    /// What each connection was sent, as one text.
    var sent: [ConnectionID: String] = [:]
    /// Answers to HTTP requests.
    var responses: [HTTPRequestID: APIResponse] = [:]
    /// Connections closed, and why.
    var closed: [ConnectionID: CloseReason] = [:]
    /// Connections that wait for their output queue.
    var awaitingDrain: [ConnectionID] = []
    /// Whether a connection is read from, where the node said so.
    var reading: [ConnectionID: Bool] = [:]
    /// Password jobs.
    var jobs: [(job: UInt64, password: [UInt8], salt: [UInt8], iterations: Int)] = []

    init(configure: (inout FrontSettings) -> Void = { _ in }) {
        var settings = FrontSettings(
            frontID: "front-1", boot: MessageID(high: 1, low: 2), replyPartition: 3,
            keys: SessionKeys(secret: Array("secret".utf8)) { key, text in key + text })
        configure(&settings)
        node = FrontNode(
            settings: settings,
            clock: FrontClock(wallMilliseconds: 1_763_700_000_000, monotonicMilliseconds: 1000),
            random: SeededRandom(seed: 1))
    }

    /// Carries out what the node wants.
    func run() {
        for action in node.takeActions() {
            switch action {
            case .produce(let topic, let key, let headers, let value): requests.append((topic, key, headers, value))
            case .send(let id, let bytes): sent[id, default: ""] += String(decoding: bytes, as: UTF8.self)
            case .fanOut(let bytes, let ids):
                for id in ids { sent[id, default: ""] += String(decoding: bytes, as: UTF8.self) }
            case .close(let id, let reason): closed[id] = reason
            case .respond(let id, let response): responses[id] = response
            case .awaitDrain(let id): awaitingDrain.append(id)
            case .derive(let job, let password, let salt, let iterations):
                jobs.append((job, password, salt, iterations))
            case .read(let id, let reads): reading[id] = reads
            }
        }
    }

    /// Takes the oldest request of `type`, nil where none waits.
    func takeRequest(_ type: RecordType) -> (headers: RecordHeaders, value: JSONValue)? {
        run()
        guard let index = requests.firstIndex(where: { $0.headers.type == type.rawValue }) else { return nil }
        let request = requests.remove(at: index)
        return (request.headers, (try? JSONParser.parse(request.value)) ?? .null)
    }

    /// Answers a request as a backend does.
    func answer(_ headers: RecordHeaders, _ value: String, refused: Bool = false, epoch: Int64 = 1) {
        var answer = RecordHeaders(type: headers.type)
        answer.correlationID = headers.correlationID
        answer.messageID = headers.messageID
        answer.outcome = refused ? .refused : .stored
        answer.epoch = epoch
        Array(value.utf8).withUnsafeBytes { node.answered(headers: answer, value: $0) }
        run()
    }

    /// Gives the node a fact of a room.
    func fact(_ event: Event, epoch: Int64 = 1) {
        Array(String(event.roomID).utf8).withUnsafeBytes { key in
            event.json.withUnsafeBytes { node.fact(key: key, epoch: epoch, value: $0) }
        }
        run()
    }

    /// Lets time pass.
    func pass(milliseconds: Int64) {
        node.clock.wallMilliseconds += milliseconds
        node.clock.monotonicMilliseconds += milliseconds
        node.tick()
        run()
    }
}
