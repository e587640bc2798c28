import Crypto
import Linux

/// A connection to a service of ours, plain or TLS, with a deadline for everything. Over TLS whoever answers is
/// believed: it is our own child, and its certificate is for a name of the outside.
final class LoopbackConnection {
    private let descriptor: Int32
    private let engine: TLSEngine?
    private let deadline: UInt64

    /// Connects; nil where nobody answers in time.
    init?(_ address: Addresses.Address, tls: TLSContext?, timeoutMilliseconds: Int) {
        deadline = SystemClock.monotonicNanoseconds() + UInt64(timeoutMilliseconds) * 1_000_000
        guard
            let descriptor = try? Socket.connect(
                host: address.host, port: address.port, timeoutMilliseconds: timeoutMilliseconds)
        else { return nil }
        self.descriptor = descriptor
        engine = tls.flatMap { try? TLSEngine($0, isServer: false) }
        if tls != nil, !shakeHands() { return nil }
    }

    deinit { Descriptor.close(descriptor) }

    /// Sends all of `bytes`; whether that went well.
    func send(_ bytes: [UInt8]) -> Bool {
        guard let engine else { return write(bytes) }
        guard bytes.withUnsafeBytes({ text in (try? engine.send(text)) != nil }) else { return false }
        return write(engine.takeOutput())
    }

    /// The next bytes; empty at the end; nil where nothing comes in time, or the connection broke.
    func receive() -> [UInt8]? {
        var text: [UInt8] = []
        while text.isEmpty {
            guard let bytes = read() else { return nil }
            guard let engine else { return bytes }
            if bytes.isEmpty { return [] }
            guard let state = bytes.withUnsafeBytes({ try? engine.receive($0, into: &text) }) else { return nil }
            if state == .closed { return text }
        }
        return text
    }

    private func shakeHands() -> Bool {
        guard let engine else { return false }
        engine.start()
        var text: [UInt8] = []
        while !engine.isReady {
            guard write(engine.takeOutput()), let bytes = read(), !bytes.isEmpty,
                bytes.withUnsafeBytes({ try? engine.receive($0, into: &text) }) != nil
            else { return false }
        }
        return write(engine.takeOutput())
    }

    private func write(_ bytes: [UInt8]) -> Bool {
        bytes.isEmpty || bytes.withUnsafeBytes { (try? Descriptor.writeAll(descriptor, $0)) != nil }
    }

    private func read() -> [UInt8]? {
        var chunk = [UInt8](repeating: 0, count: 16384)
        var result = TransferResult.wouldBlock
        while result == .wouldBlock {
            let now = SystemClock.monotonicNanoseconds()
            guard now < deadline,
                (try? Descriptor.waitReadable(descriptor, milliseconds: Int((deadline - now) / 1_000_000) + 1)) == true
            else { return nil }
            result = chunk.withUnsafeMutableBytes { Descriptor.read(descriptor, into: $0) }
        }
        switch result {
        case .bytes(let count): return Array(chunk[..<count])
        case .end: return []
        case .wouldBlock, .failed: return nil
        }
    }
}
