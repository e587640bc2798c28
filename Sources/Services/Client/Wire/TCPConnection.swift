internal import Linux

/// A TCP connection whose calls wait, at most until a deadline. One thread at a time.
final class TCPConnection {
    let descriptor: Int32
    private var isOpen = true
    private let buffer: UnsafeMutableRawBufferPointer

    /// Octets read at once.
    static let readBytesMax = 64 * 1024

    init(host: String, port: UInt16, timeoutMilliseconds: Int) throws(ClientError) {
        do {
            descriptor = try Socket.connect(host: host, port: port, timeoutMilliseconds: timeoutMilliseconds)
            try Descriptor.setBlocking(descriptor, false)
        } catch {
            throw .unreachable("cannot connect to \(host):\(port): \(error)")
        }
        buffer = .allocate(byteCount: TCPConnection.readBytesMax, alignment: 16)
    }

    deinit {
        close()
        buffer.deallocate()
    }

    func close() {
        guard isOpen else { return }
        isOpen = false
        Descriptor.close(descriptor)
    }

    func send(_ bytes: [UInt8], _ deadline: Deadline) throws(ClientError) {
        guard isOpen else { throw .closed(code: nil, reason: "") }
        var start = 0
        while start < bytes.count {
            let result = bytes.withUnsafeBytes {
                Socket.send(descriptor, UnsafeRawBufferPointer(rebasing: $0[start...]))
            }
            switch result {
            case .bytes(let count): start += count
            case .wouldBlock:
                guard !deadline.isOver else { throw .timedOut("the other side does not read") }
                do {
                    try Descriptor.waitWritable(descriptor, milliseconds: deadline.millisecondsLeft)
                } catch {
                    throw .closed(code: nil, reason: "\(error)")
                }
            case .end, .failed: throw .closed(code: nil, reason: "")
            }
        }
    }

    /// What is there to read, in memory that is valid until the next call; nil when the time passed.
    ///
    /// - Throws: `closed` at the end of the stream.
    func receive(_ deadline: Deadline) throws(ClientError) -> UnsafeMutableRawBufferPointer? {
        guard isOpen else { throw .closed(code: nil, reason: "") }
        var waited = false
        while true {
            switch Descriptor.read(descriptor, into: buffer) {
            case .bytes(let count): return UnsafeMutableRawBufferPointer(rebasing: buffer[..<count])
            case .end: throw .closed(code: nil, reason: "")
            case .failed: throw .closed(code: nil, reason: "the connection broke")
            case .wouldBlock:
                if waited, deadline.isOver { return nil }
                waited = true
                do {
                    _ = try Descriptor.waitReadable(descriptor, milliseconds: deadline.millisecondsLeft)
                } catch {
                    throw .closed(code: nil, reason: "\(error)")
                }
            }
        }
    }
}
