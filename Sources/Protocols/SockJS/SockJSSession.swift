/// A session over HTTP: one receiver at a time, what waits for the next, and when it ends.
///
/// Times are nanoseconds of a clock that never goes back. Every event appends what is to be done to `actions`.
package struct SockJSSession: Sendable {
    private enum State: Equatable {
        /// Nobody was told `o` yet.
        case connecting
        case open
        /// Whoever asks is told this frame.
        case closing(frame: [UInt8])
    }

    private struct Receiver {
        let id: UInt64
        let transport: SockJSTransport
        let head: SockJSResponse
        var sentBytes = 0
    }

    private let configuration: SockJSConfiguration
    private var state: State = .connecting
    private var receiver: Receiver?
    /// Messages as JSON strings with commas between them.
    private var pending: [UInt8] = []
    /// When `tick` has something to do: a heart-beat while there is a receiver, else the end.
    package private(set) var deadlineNanoseconds: UInt64

    /// A session that nobody has opened yet.
    package init(configuration: SockJSConfiguration, now: UInt64) {
        self.configuration = configuration
        deadlineNanoseconds = now
        deadlineNanoseconds = after(configuration.disconnectMilliseconds, now)
    }

    /// Octets that wait for a receiver.
    package var pendingBytes: Int { pending.count }

    /// Whether messages may go either way.
    package var isOpen: Bool { state == .open }

    /// Whether a request waits for frames.
    package var hasReceiver: Bool { receiver != nil }

    /// A request wants frames. The first one opens the session.
    package mutating func attach(
        receiver id: UInt64, _ transport: SockJSTransport, head: SockJSResponse, now: UInt64,
        actions: inout [SockJSAction]
    ) {
        let asking = Receiver(id: id, transport: transport, head: head)
        if receiver != nil {
            // The one that waits goes on (Protocol.test_simpleSession, HandlingClose.test_close_request).
            var other = asking
            begin(other, &actions)
            let frame = SockJSFrame.close(code: 2010, reason: "Another connection still open")
            if !write(frame, to: &other, &actions) { actions.append(.finish(receiver: id)) }
            return
        }
        receiver = asking
        begin(asking, &actions)
        deadlineNanoseconds = after(configuration.heartbeatMilliseconds, now)
        switch state {
        case .connecting:
            state = .open
            deliver(SockJSFrame.open, now: now, &actions)
            flush(now: now, actions: &actions)
        case .open: flush(now: now, actions: &actions)
        case .closing: tellClosed(now: now, &actions)
        }
    }

    /// The connection of a receiver broke. What was on its way may be lost, so the session ends
    /// (HandlingClose.test_abort_xhr_streaming).
    package mutating func abort(receiver id: UInt64, now: UInt64, actions: inout [SockJSAction]) {
        guard receiver?.id == id else { return }
        receiver = nil
        deadlineNanoseconds = after(configuration.disconnectMilliseconds, now)
        if case .closing = state { return }
        state = .closing(frame: SockJSFrame.close(code: 1002, reason: "Connection interrupted"))
        pending = []
        actions.append(.ended)
    }

    /// Keeps a message, which must be UTF-8, for the next `flush`.
    package mutating func queue(_ message: UnsafeRawBufferPointer) {
        if case .closing = state { return }
        if !pending.isEmpty { pending.append(UInt8(ascii: ",")) }
        SockJSFrame.appendString(message, to: &pending)
    }

    /// Keeps a message for the next `flush`.
    package mutating func queue(_ message: [UInt8]) { message.withUnsafeBytes { queue($0) } }

    /// Sends what waits, if somebody is there for it.
    package mutating func flush(now: UInt64, actions: inout [SockJSAction]) {
        guard receiver != nil, !pending.isEmpty, state != .connecting else { return }
        var frame: [UInt8] = []
        frame.reserveCapacity(pending.count + 3)
        frame.append(UInt8(ascii: "a"))
        frame.append(UInt8(ascii: "["))
        frame.append(contentsOf: pending)
        frame.append(UInt8(ascii: "]"))
        pending = []
        deliver(frame, now: now, &actions)
    }

    /// The service ends the session; what waits is delivered before, and `c[code,reason]` is told until the session
    /// is forgotten (Protocol.test_closeSession).
    package mutating func close(code: Int, reason: String, now: UInt64, actions: inout [SockJSAction]) {
        if case .closing = state { return }
        let wasOpen = state == .open
        state = .closing(frame: SockJSFrame.close(code: code, reason: reason))
        if receiver != nil, wasOpen { tellClosed(now: now, &actions) }
    }

    /// Does what the time asks for; to be called when `deadlineNanoseconds` has come.
    package mutating func tick(now: UInt64, actions: inout [SockJSAction]) {
        guard now >= deadlineNanoseconds else { return }
        if receiver != nil {
            deliver(SockJSFrame.heartbeat, now: now, &actions)
            return
        }
        if case .closing = state {} else { actions.append(.ended) }
        actions.append(.forget)
    }

    /// What waits, then the close frame. A polling request carries one of them.
    private mutating func tellClosed(now: UInt64, _ actions: inout [SockJSAction]) {
        flush(now: now, actions: &actions)
        guard case .closing(let frame) = state, let current = receiver else { return }
        deliver(frame, now: now, &actions)
        if receiver != nil {
            actions.append(.finish(receiver: current.id))
            release(now)
        }
    }

    private func begin(_ receiver: Receiver, _ actions: inout [SockJSAction]) {
        guard receiver.transport.isStreaming else { return }
        actions.append(.begin(receiver: receiver.id, receiver.head))
        actions.append(.write(receiver: receiver.id, receiver.transport.prelude))
    }

    private mutating func deliver(_ frame: [UInt8], now: UInt64, _ actions: inout [SockJSAction]) {
        guard var current = receiver else { return }
        let ended = write(frame, to: &current, &actions)
        if ended {
            release(now)
        } else {
            receiver = current
            deadlineNanoseconds = after(configuration.heartbeatMilliseconds, now)
        }
    }

    /// Sends a frame to a receiver; true when its answer is then at its end.
    private func write(_ frame: [UInt8], to receiver: inout Receiver, _ actions: inout [SockJSAction]) -> Bool {
        let bytes = receiver.transport.wrap(frame)
        guard receiver.transport.isStreaming else {
            var response = receiver.head
            response.body = bytes
            actions.append(.respond(receiver: receiver.id, response))
            return true
        }
        actions.append(.write(receiver: receiver.id, bytes))
        receiver.sentBytes += bytes.count
        // Browsers keep all of an answer until it ends (XhrStreaming.test_response_limit).
        guard receiver.sentBytes >= configuration.streamBytesMax else { return false }
        actions.append(.finish(receiver: receiver.id))
        return true
    }

    private mutating func release(_ now: UInt64) {
        receiver = nil
        deadlineNanoseconds = after(configuration.disconnectMilliseconds, now)
    }

    private func after(_ milliseconds: Int, _ now: UInt64) -> UInt64 {
        now &+ UInt64(max(0, milliseconds)) &* 1_000_000
    }
}
