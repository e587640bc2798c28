import Foundation
import Synchronization
import TestSupport

/// A STOMP client over WebSocket, written for these tests alone, so that a mistake of the system's own codecs shows.
final class StompClient: Sendable {
    private let link: StompLink

    /// Shakes hands; `headers` go with the handshake.
    init(port: UInt16, path: String = "/stomp/chat", headers: [String: String] = [:]) throws {
        let wire = try Wire(port: port)
        var request = "GET \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nUpgrade: websocket\r\n"
        request += "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: v12.stomp\r\n"
        // RFC 6455 §1.3 has this key and its answer.
        request += "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        for (name, value) in headers { request += "\(name): \(value)\r\n" }
        try wire.send(request + "\r\n")
        var head: [UInt8] = []
        while !head.contains(subsequence: Array("\r\n\r\n".utf8)) {
            let part = try wire.receive(within: 20)
            guard !part.isEmpty else { break }
            head += part
        }
        let answer = try HTTPCaller.answer(of: head)
        guard answer.status == 101, answer["sec-websocket-accept"] == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=" else {
            throw Refused(answer: answer)
        }
        let rest = Array(answer.body.utf8)
        link = StompLink(wire)
        Thread.detachNewThread { [link] in link.read(rest) }
    }

    /// The handshake was answered by something else than 101.
    struct Refused: Error {
        let answer: HTTPAnswer
    }

    /// Shakes hands and logs in with a password.
    static func connected(
        port: UInt16, _ userID: String, password: String = "demo", path: String = "/stomp/chat"
    ) throws -> StompClient {
        let client = try StompClient(port: port, path: path)
        try client.send("CONNECT", ["accept-version": "1.2", "login": userID, "passcode": password])
        _ = try client.wait { $0.command == "CONNECTED" }
        return client
    }

    /// Every frame that came.
    var frames: [StompFrame] { link.state.withLock { $0.frames } }

    /// The code of the Close frame that came.
    var closeCode: Int? { link.state.withLock { $0.closeCode } }

    /// Whether the connection has ended.
    var isOver: Bool { link.state.withLock { $0.isOver } }

    func send(_ command: String, _ headers: [String: String] = [:], _ body: String = "") throws {
        let lines = headers.map { "\($0.key):\($0.value)\n" }.joined()
        try send(opcode: 1, Array("\(command)\n\(lines)\n\(body)\0".utf8))
    }

    /// One WebSocket frame.
    func send(opcode: UInt8, _ payload: [UInt8]) throws { try link.send(opcode: opcode, payload) }

    /// Octets as they are.
    func send(raw bytes: [UInt8]) throws { try link.send(raw: bytes) }

    /// Says something and returns the id its RECEIPT will have.
    @discardableResult
    func say(_ text: String, room: Int, key: String? = nil, receipt: String = UUID().uuidString) throws -> String {
        var headers = ["destination": "/pub/chat/room/\(room)", "content-type": "text/plain", "receipt": receipt]
        headers["idempotency-key"] = key
        try send("SEND", headers, text)
        return receipt
    }

    /// Subscribes and returns the RECEIPT.
    @discardableResult
    func subscribe(
        _ destination: String, id: String = "0", since: Int? = nil, epoch: Int? = nil
    ) throws -> StompFrame {
        let receipt = UUID().uuidString
        var headers = ["destination": destination, "id": id, "receipt": receipt]
        headers["since"] = since.map(String.init)
        headers["epoch"] = epoch.map(String.init)
        try send("SUBSCRIBE", headers)
        return try self.receipt(receipt)
    }

    @discardableResult
    func receipt(_ id: String, within seconds: Double = 40) throws -> StompFrame {
        try wait(within: seconds) { $0.command == "RECEIPT" && $0["receipt-id"] == id }
    }

    /// The first frame that `accept` takes, there already or within `seconds`.
    func wait(within seconds: Double = 40, where accept: (StompFrame) -> Bool) throws -> StompFrame {
        var found: StompFrame?
        _ = Deadline.wait(seconds: seconds) {
            found = frames.first(where: accept)
            return found != nil || isOver
        }
        guard let frame = found ?? frames.first(where: accept) else {
            let state = link.state.withLock { ($0.trouble, $0.closeCode, $0.frames.suffix(6).map(\.command)) }
            throw Wire.Failure(description: "no such frame; trouble, close code, last frames: \(state)")
        }
        return frame
    }

    /// The code with which the other side closed.
    func closing(within seconds: Double = 20) throws -> Int? {
        guard Deadline.wait(seconds: seconds, until: { isOver }) else {
            throw Wire.Failure(description: "the connection is still open")
        }
        return closeCode
    }

    /// The bodies of the events that came on a subscription, in the order they came.
    func events(id: String = "0") -> [[String: Any]] {
        frames.filter { $0.command == "MESSAGE" && $0["subscription"] == id }.map(\.json)
    }

    /// Cuts the connection as a dead network would.
    func cut() { link.wire.shutDown() }

    deinit { link.wire.shutDown() }
}

extension [UInt8] {
    func contains(subsequence: [UInt8]) -> Bool {
        guard count >= subsequence.count else { return false }
        return (0...(count - subsequence.count)).contains {
            self[$0..<($0 + subsequence.count)].elementsEqual(subsequence)
        }
    }
}
