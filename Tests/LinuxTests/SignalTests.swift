import Linux
import Testing

@Suite struct SignalTests {
    /// On a thread of its own: the mask belongs to it.
    @Test func aSignalComesThroughTheDescriptor() throws {
        let (reading, writing) = try Descriptor.pipe()
        defer { Descriptor.close(reading) }
        try NativeThread.start(name: "signals") {
            defer { Descriptor.close(writing) }
            guard let signals = try? SignalDescriptor([.user1]) else { return }
            defer { signals.close() }
            guard (try? signals.wait(milliseconds: 0)) == nil else { return }
            // To this very thread: other threads of the process do not block it.
            guard NativeThread.signalItself(.user1), (try? signals.wait(milliseconds: 1000)) == .user1 else { return }
            withUnsafeBytes(of: UInt8(1)) { try? Descriptor.writeAll(writing, $0) }
        }.join()
        var heard: UInt8 = 0
        #expect(withUnsafeMutableBytes(of: &heard) { Descriptor.read(reading, into: $0) } == .bytes(1))
    }
}
