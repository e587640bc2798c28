internal import Linux
package import Stomp

/// A STOMP client over WebSocket or TCP, whose calls wait, at most until a deadline. One thread at a time.
package final class StompClient {
    /// How to log in and what to ask for.
    package struct Options {
        /// CONNECT's `host`; nil: the host of the URL.
        package var host: String?
        /// CONNECT's `login`.
        package var login: String?
        /// CONNECT's `passcode`.
        package var passcode: String?
        /// A token for CONNECT's `Authorization: Bearer`.
        package var token: String?
        /// CONNECT's `accept-version`.
        package var acceptVersion = "1.2,1.1,1.0"
        /// CONNECT's `heart-beat`.
        package var heartbeat = StompHeartbeat.Offer(canSendMilliseconds: 10_000, wantsMilliseconds: 10_000)
        /// Further headers of CONNECT.
        package var connectHeaders: [(name: String, value: String)] = []
        /// Subprotocols offered in WebSocket's handshake.
        package var subprotocols = ["v12.stomp", "v11.stomp", "v10.stomp"]
        /// Further headers of WebSocket's handshake.
        package var handshakeHeaders: [(name: String, value: String)] = []

        /// All versions, heart-beats of 10 s, nobody.
        package init() {}
    }

    private let link: StompLink
    private var reader = StompFrameReader(
        limits: StompLimits(headersMax: 256, headerBytesMax: 16 * 1024, frameBytesMax: 8 << 20))
    private var backlog: [StompFrame] = []
    private var heartbeat = StompHeartbeat(sendMilliseconds: 0, receiveMilliseconds: 0)
    private var lastSent: UInt64
    private var lastReceived: UInt64
    private var receipts = 0
    /// Why nothing more will come.
    private var ending: ClientError?

    /// The CONNECTED frame.
    package private(set) var connected: StompFrame
    /// The version agreed on.
    package private(set) var version: StompVersion
    /// The WebSocket subprotocol the server chose.
    package var subprotocol: String? { link.subprotocol }
    /// For poll(2), beside other descriptors; then call `next` with no time to wait.
    package var descriptor: Int32 { link.descriptor }
    /// How long a send may wait for the other side to read.
    package var sendTimeoutMilliseconds = 10_000

    /// Connects and logs in.
    ///
    /// - Throws: `refused` with the ERROR frame, `status` where the handshake was refused, or what else went wrong.
    package init(_ url: ClientURL, _ options: Options = Options(), timeoutMilliseconds: Int = 10_000)
        throws(ClientError)
    {
        let deadline = Deadline(milliseconds: timeoutMilliseconds)
        link = try StompLink(
            url, subprotocols: options.subprotocols, headers: options.handshakeHeaders,
            timeoutMilliseconds: timeoutMilliseconds)
        var writer = StompWriter(version: .v1_2)
        let token = options.token.map { [(name: "Authorization", value: "Bearer \($0)")] } ?? []
        writer.connect(
            host: options.host ?? url.host, login: options.login, passcode: options.passcode,
            heartbeat: options.heartbeat, acceptVersion: options.acceptVersion, more: options.connectHeaders + token)
        lastSent = SystemClock.monotonicNanoseconds()
        lastReceived = lastSent
        try link.send(writer.take(), deadline)
        var frames: [StompFrame] = []
        while frames.isEmpty {
            let got = StompClient.receive(link, &reader, &frames, &ending, deadline)
            if frames.isEmpty, let ending { throw ending }
            guard got || !frames.isEmpty else { throw .timedOut("CONNECTED") }
        }
        let first = frames.removeFirst()
        guard first.command == .connected else { throw .refused(first) }
        connected = first
        version = reader.version ?? .v1_0
        backlog = frames
        let offer = Array((first["heart-beat"] ?? "0,0").utf8).withUnsafeBytes { try? StompHeartbeat.Offer(header: $0) }
        heartbeat = StompHeartbeat(
            own: options.heartbeat, other: offer ?? .init(canSendMilliseconds: 0, wantsMilliseconds: 0))
        lastReceived = SystemClock.monotonicNanoseconds()
    }

    /// Takes what comes; frames in front of the end or of a broken one are not lost.
    private static func receive(
        _ link: StompLink, _ reader: inout StompFrameReader, _ frames: inout [StompFrame], _ ending: inout ClientError?,
        _ deadline: Deadline
    ) -> Bool {
        do throws(ClientError) {
            return try link.receive(deadline) { (bytes) throws(ClientError) in
                do throws(StompError) {
                    try reader.receive(Array(bytes), into: &frames)
                } catch {
                    throw .broken("a frame that breaks STOMP: \(error)")
                }
            }
        } catch {
            ending = error
            return false
        }
    }

    /// Writes frames and sends them together.
    package func send(_ write: (inout StompWriter) -> Void) throws(ClientError) {
        var writer = StompWriter(version: version)
        write(&writer)
        try send(octets: writer.take())
    }

    /// Sends octets as they are; over WebSocket as one message.
    package func send(octets: [UInt8]) throws(ClientError) {
        lastSent = SystemClock.monotonicNanoseconds()
        try link.send(octets, Deadline(milliseconds: sendTimeoutMilliseconds))
    }

    /// The next frame; nil when the time passed. Heart-beats go out meanwhile.
    ///
    /// - Throws: `closed` at the end, and where the server's heart-beats stay away. ERROR frames are frames here.
    package func next(timeoutMilliseconds: Int) throws(ClientError) -> StompFrame? {
        let deadline = Deadline(milliseconds: timeoutMilliseconds)
        var isLast = false
        while backlog.isEmpty, !isLast {
            if let ending { throw ending }
            isLast = deadline.isOver
            try beat()
            let wait = min(deadline.millisecondsLeft, millisecondsToBeat)
            if StompClient.receive(link, &reader, &backlog, &ending, Deadline(milliseconds: wait)) {
                lastReceived = SystemClock.monotonicNanoseconds()
            }
            if backlog.isEmpty, let ending { throw ending }
        }
        return backlog.isEmpty ? nil : backlog.removeFirst()
    }

    /// The next frame that `accept` wants; others stay for later. nil when the time passed.
    package func next(timeoutMilliseconds: Int, where accept: (StompFrame) -> Bool) throws(ClientError) -> StompFrame? {
        let deadline = Deadline(milliseconds: timeoutMilliseconds)
        var passed: [StompFrame] = []
        defer { backlog = passed + backlog }
        while let frame = try next(timeoutMilliseconds: deadline.millisecondsLeft) {
            if accept(frame) { return frame }
            passed.append(frame)
        }
        return nil
    }

    /// How long nothing has to be done, at most; for poll(2).
    package var millisecondsToBeat: Int {
        guard heartbeat.sendMilliseconds > 0 || heartbeat.receiveMilliseconds > 0 else { return 60_000 }
        let now = SystemClock.monotonicNanoseconds()
        let sent = Int((now &- lastSent) / 1_000_000)
        let interval = heartbeat.sendMilliseconds > 0 ? heartbeat.sendAfterMilliseconds : 1_000
        return min(max(0, interval - sent), 1_000)
    }

    private func beat() throws(ClientError) {
        let now = SystemClock.monotonicNanoseconds()
        if heartbeat.sendMilliseconds > 0, (now &- lastSent) / 1_000_000 >= heartbeat.sendAfterMilliseconds {
            try send(octets: [10])
        }
        if heartbeat.receiveMilliseconds > 0, (now &- lastReceived) / 1_000_000 > heartbeat.silenceMilliseconds {
            throw .closed(code: nil, reason: "no heart-beat")
        }
    }

    /// Ends the connection without a word.
    package func close() { link.close() }
}

extension StompClient {
    /// A receipt id that this client has not used yet.
    package func newReceipt() -> String {
        receipts += 1
        return "r\(receipts)"
    }

    /// Waits for the RECEIPT with this id; other frames stay for later.
    ///
    /// - Throws: `refused` when an ERROR comes instead.
    package func receipt(_ id: String, timeoutMilliseconds: Int = 10_000) throws(ClientError) -> StompFrame {
        let found = try next(timeoutMilliseconds: timeoutMilliseconds) {
            $0.command == .error || ($0.command == .receipt && $0["receipt-id"] == id)
        }
        guard let found else { throw .timedOut("the RECEIPT \(id)") }
        guard found.command == .receipt else { throw .refused(found) }
        return found
    }

    /// The next MESSAGE, of the subscription `subscription` where one is given; nil when the time passed.
    package func message(subscription: String? = nil, timeoutMilliseconds: Int = 10_000) throws(ClientError)
        -> StompFrame?
    {
        try next(timeoutMilliseconds: timeoutMilliseconds) {
            $0.command == .message && (subscription == nil || $0["subscription"] == subscription)
        }
    }

    /// Subscribes and waits for the RECEIPT.
    @discardableResult
    package func subscribe(
        id: String, destination: String, ack: String? = nil, more: [(name: String, value: String)] = []
    ) throws(ClientError) -> StompFrame {
        let receipt = newReceipt()
        try send { $0.subscribe(id: id, destination: destination, ack: ack, receipt: receipt, more: more) }
        return try self.receipt(receipt)
    }

    /// Sends a body and waits for the RECEIPT.
    @discardableResult
    package func sendAndConfirm(
        destination: String, contentType: String? = "text/plain", more: [(name: String, value: String)] = [],
        body: some Collection<UInt8>
    ) throws(ClientError) -> StompFrame {
        let receipt = newReceipt()
        try send {
            $0.send(destination: destination, contentType: contentType, receipt: receipt, more: more, body: body)
        }
        return try self.receipt(receipt)
    }

    /// Takes leave: DISCONNECT, its RECEIPT, and the end of the connection.
    package func disconnect(timeoutMilliseconds: Int = 10_000) throws(ClientError) {
        defer { close() }
        let receipt = newReceipt()
        try send { $0.disconnect(receipt: receipt) }
        _ = try self.receipt(receipt, timeoutMilliseconds: timeoutMilliseconds)
    }
}
