import Linux
import Synchronization

@testable import Reactor

/// What a handler has heard.
final class Heard: Sendable {
    struct State {
        var open: [ConnectionID] = []
        var reasons: [CloseReason] = []
        var blocked: [BlockedOutput] = []
        var drained = 0
        var wakes = 0
        var largestInput = 0
        var floods = 0
    }

    let state = Mutex(State())

    var now: State { state.withLock { $0 } }

    /// Whether `condition` holds soon.
    func soon(_ condition: @Sendable (State) -> Bool) -> Bool {
        SystemClock.waitUntil(milliseconds: 10_000) { state.withLock { condition($0) } }
    }
}

/// Echoes lines, and notes what it hears. A line `!text` is given to every connection; some words are orders.
final class EchoHandler: ReactorHandler {
    typealias Message = String

    private let heard: Heard
    private var open: [ConnectionID] = []

    init(_ heard: Heard) { self.heard = heard }

    func opened(_ id: ConnectionID, listener: Int, _ connections: Connections) {
        open.append(id)
        heard.state.withLock { $0.open.append(id) }
    }

    func received(_ id: ConnectionID, _ bytes: UnsafeMutableRawBufferPointer, _ connections: Connections) -> Int {
        heard.state.withLock { $0.largestInput = max($0.largestInput, bytes.count) }
        var start = 0
        while let end = bytes[start...].firstIndex(of: 10) {
            let line = UnsafeRawBufferPointer(rebasing: bytes[start...end])
            start = end + 1
            switch String(decoding: line.dropLast(), as: UTF8.self) {
            case "close": connections.close(id)
            case "bye":
                connections.send(id, line)
                connections.closeAfterFlush(id)
            case "timer": connections.setTimer(id, milliseconds: 150)
            case "pause":
                connections.pauseReading(id)
                connections.setTimer(id, milliseconds: 150)
                return start
            case "flood":
                let piece = [UInt8](repeating: 120, count: 1 << 20)
                connections.send(id, piece)
                heard.state.withLock { $0.floods += 1 }
            case let text where text.hasPrefix("!"):
                let slice = connections.stage(line)
                open.withUnsafeBufferPointer { connections.fanOut(slice, to: $0) }
            default: connections.send(id, line)
            }
        }
        return start
    }

    func timerFired(_ id: ConnectionID, _ connections: Connections) {
        connections.send(id, Array("fired\n".utf8))
        connections.resumeReading(id)
    }

    func woken(_ messages: [String], _ connections: Connections) {
        heard.state.withLock { $0.wakes += 1 }
        for message in messages {
            let slice = Array(message.utf8).withUnsafeBytes { connections.stage($0) }
            open.withUnsafeBufferPointer { connections.fanOut(slice, to: $0) }
        }
    }

    func drained(_ id: ConnectionID, _ connections: Connections) { heard.state.withLock { $0.drained += 1 } }

    func outputBlocked(_ id: ConnectionID, _ why: BlockedOutput, _ connections: Connections) {
        heard.state.withLock { $0.blocked.append(why) }
        connections.send(id, Array("too slow\n".utf8))
    }

    func closed(_ id: ConnectionID, _ reason: CloseReason, _ connections: Connections) {
        open.removeAll { $0 == id }
        heard.state.withLock {
            $0.open.removeAll { $0 == id }
            $0.reasons.append(reason)
        }
    }
}

/// A reactor on a thread of its own with an echoing handler, on a free port.
final class EchoServer: Sendable {
    let mailbox: Mailbox<String>
    let heard = Heard()
    let address: SocketAddress
    private let thread: NativeThread

    init(_ configuration: ReactorConfiguration = ReactorConfiguration()) throws {
        let mailbox = try Mailbox<String>()
        self.mailbox = mailbox
        let any = try SocketAddress.resolve(host: "127.0.0.1", port: 0)[0]
        let listener = try Socket.listen(any, reusePort: false)
        address = try Socket.localAddress(listener)
        let heard = heard
        thread = try NativeThread.start(name: "echo") {
            do throws(SystemError) {
                let reactor = try Reactor(
                    configuration: configuration, handler: EchoHandler(heard), mailbox: mailbox)
                try reactor.addListener(listener)
                try reactor.run()
            } catch {
                heard.state.withLock { $0.reasons.append(.failed(error.code)) }
            }
        }
    }

    func stop() {
        mailbox.stop()
        thread.join()
    }
}

/// A blocking client.
final class LineClient {
    let descriptor: Int32

    init(_ address: SocketAddress) throws {
        descriptor = try Socket.connect(address, timeoutMilliseconds: 5000)
    }

    deinit { Descriptor.close(descriptor) }

    func send(_ text: String) throws {
        var problem: (any Error)?
        Array(text.utf8).withUnsafeBytes { bytes in
            do { try Descriptor.writeAll(descriptor, bytes) } catch { problem = error }
        }
        if let problem { throw problem }
    }

    /// Exactly so many bytes, or what came until the end or ten seconds have passed.
    func receive(_ count: Int) throws -> String {
        var received: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65536)
        var running = true
        while running, received.count < count {
            guard try Descriptor.waitReadable(descriptor, milliseconds: 10_000) else { break }
            let wanted = min(chunk.count, count - received.count)
            let result = chunk.withUnsafeMutableBytes {
                Descriptor.read(descriptor, into: UnsafeMutableRawBufferPointer(rebasing: $0[..<wanted]))
            }
            if case .bytes(let got) = result { received += chunk[..<got] } else { running = false }
        }
        return String(decoding: received, as: UTF8.self)
    }

    /// All that comes until the end.
    func receiveAll() throws -> String { try receive(.max) }
}
