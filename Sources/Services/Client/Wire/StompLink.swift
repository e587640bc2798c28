internal import Crypto
internal import HTTP
internal import Linux
internal import WebSocket

/// Carries STOMP octets over TCP or in WebSocket messages. One thread at a time.
final class StompLink {
    private let connection: TCPConnection
    private var webSocket: WebSocketParser?
    private(set) var subprotocol: String?

    /// A WebSocket message of the server may hold this much.
    private static let messageBytesMax = 8 << 20

    var descriptor: Int32 { connection.descriptor }

    /// Connects and, for a URL of the web, shakes hands.
    init(
        _ url: ClientURL, subprotocols: [String], headers: [(name: String, value: String)], timeoutMilliseconds: Int
    ) throws(ClientError) {
        let deadline = Deadline(milliseconds: timeoutMilliseconds)
        connection = try TCPConnection(host: url.host, port: url.port, timeoutMilliseconds: timeoutMilliseconds)
        guard url.scheme == .web else { return }
        let handshake = WebSocketClientHandshake(nonce: SystemRandom.bytes(16), subprotocols: subprotocols)
        try connection.send(
            handshake.request(host: url.authority, path: url.path, headers: headers), deadline)
        try shakeHands(handshake, deadline)
    }

    private func shakeHands(_ handshake: WebSocketClientHandshake, _ deadline: Deadline) throws(ClientError) {
        var parser = HTTPResponseParser()
        while webSocket == nil {
            guard let bytes = try connection.receive(deadline) else { throw .timedOut("the WebSocket handshake") }
            var offset = 0
            switch parser.next(in: UnsafeRawBufferPointer(bytes), from: &offset) {
            case .needMore: continue
            case .violation(let violation): throw .broken("the handshake breaks HTTP: \(violation)")
            case .response(let response):
                guard response.status == 101 else { throw .status(response) }
                let defect = handshake.defect(
                    status: response.status, header: { response.all($0) }, sha1: { SHA1.hash($0) })
                if let defect { throw .broken(defect) }
                subprotocol = response["sec-websocket-protocol"]
                webSocket = WebSocketParser(
                    role: .client, limits: WebSocketLimits(messageBytesMax: StompLink.messageBytesMax))
                early = Array(bytes[offset...])
            }
        }
    }

    /// What came right behind the handshake.
    private var early: [UInt8] = []

    /// Sends octets, over WebSocket as one text message.
    func send(_ bytes: [UInt8], _ deadline: Deadline) throws(ClientError) {
        guard webSocket != nil else { return try connection.send(bytes, deadline) }
        var framed: [UInt8] = []
        let key = UInt32(truncatingIfNeeded: SystemRandom.next())
        WebSocketWriter.append(.text, bytes, maskingKey: key, to: &framed)
        try connection.send(framed, deadline)
    }

    /// Waits for octets and gives them to `use`; false when the time passed.
    ///
    /// - Throws: `closed`, with what WebSocket's Close frame said.
    func receive(_ deadline: Deadline, _ use: (UnsafeRawBufferPointer) throws(ClientError) -> Void)
        throws(ClientError) -> Bool
    {
        if !early.isEmpty {
            var bytes = early
            early = []
            var failure: ClientError?
            bytes.withUnsafeMutableBytes { buffer in
                do throws(ClientError) { try unpack(buffer, deadline, use) } catch { failure = error }
            }
            if let failure { throw failure }
            return true
        }
        guard let bytes = try connection.receive(deadline) else { return false }
        if webSocket == nil {
            try use(UnsafeRawBufferPointer(bytes))
        } else {
            try unpack(bytes, deadline, use)
        }
        return true
    }

    private func unpack(
        _ bytes: UnsafeMutableRawBufferPointer, _ deadline: Deadline,
        _ use: (UnsafeRawBufferPointer) throws(ClientError) -> Void
    ) throws(ClientError) {
        var offset = 0
        while true {
            guard let event = webSocket?.next(in: bytes, from: &offset) else { return }
            switch event {
            case .needMore: return
            case .message(_, let payload): try use(payload)
            case .ping(let payload):
                var pong: [UInt8] = []
                let key = UInt32(truncatingIfNeeded: SystemRandom.next())
                WebSocketWriter.append(.pong, payload, maskingKey: key, to: &pong)
                try connection.send(pong, deadline)
            case .pong: continue
            case .close(let code, let reason):
                let text = String(decoding: reason, as: UTF8.self)
                // A courtesy that may come too late; what matters is what the server said.
                try? sendClose(code: nil, deadline)
                throw .closed(code: code, reason: text)
            case .violation(let violation): throw .broken(violation.reason)
            }
        }
    }

    /// Begins WebSocket's closing handshake; nothing over TCP.
    func sendClose(code: UInt16?, _ deadline: Deadline) throws(ClientError) {
        guard webSocket != nil else { return }
        var frame: [UInt8] = []
        let key = UInt32(truncatingIfNeeded: SystemRandom.next())
        WebSocketWriter.appendClose(code: code, maskingKey: key, to: &frame)
        try connection.send(frame, deadline)
    }

    func close() { connection.close() }
}
