import CLinux
import Glibc

/// Calls on a plain descriptor; whoever holds the number owns it.
package enum Descriptor {
    /// Closes it. An error is of no use to anyone: the descriptor is gone in either case (close(2)).
    package static func close(_ descriptor: Int32) { _ = Glibc.close(descriptor) }

    /// Reads what is there into `buffer`, which must not be empty.
    @inline(__always)
    package static func read(_ descriptor: Int32, into buffer: UnsafeMutableRawBufferPointer) -> TransferResult {
        var running = true
        while running {
            let got = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
            if got > 0 { return .bytes(got) }
            if got == 0 { return .end }
            let code = errno
            if code == EAGAIN { return .wouldBlock }
            if code != EINTR { return .failed(code) }
            running = true
        }
        return .wouldBlock
    }

    /// Writes as much of `bytes`, which must not be empty, as goes.
    @inline(__always)
    package static func write(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> TransferResult {
        var running = true
        while running {
            let sent = Glibc.write(descriptor, bytes.baseAddress, bytes.count)
            if sent > 0 { return .bytes(sent) }
            let code = errno
            if code == EAGAIN || sent == 0 { return .wouldBlock }
            if code != EINTR { return .failed(code) }
            running = true
        }
        return .wouldBlock
    }

    /// Writes all of `bytes` to a blocking descriptor.
    package static func writeAll(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) throws(SystemError) {
        var rest = bytes
        while !rest.isEmpty {
            switch write(descriptor, rest) {
            case .bytes(let count): rest = UnsafeRawBufferPointer(rebasing: rest[count...])
            case .wouldBlock, .end: try waitWritable(descriptor, milliseconds: 1000)
            case .failed(let code): throw SystemError(call: "write", code: code)
            }
        }
    }

    /// Sets whether calls on it wait.
    package static func setBlocking(_ descriptor: Int32, _ blocking: Bool) throws(SystemError) {
        if clinux_set_blocking(descriptor, blocking ? 1 : 0) < 0 { throw SystemError.last("fcntl") }
    }

    /// Whether it is a terminal.
    package static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

    /// Waits until it can be read, has ended or failed; false when the time passed. Negative: for ever.
    package static func waitReadable(_ descriptor: Int32, milliseconds: Int) throws(SystemError) -> Bool {
        try wait(descriptor, Int16(POLLIN), milliseconds)
    }

    /// Waits until it can be written, has ended or failed; false when the time passed. Negative: for ever.
    @discardableResult
    package static func waitWritable(_ descriptor: Int32, milliseconds: Int) throws(SystemError) -> Bool {
        try wait(descriptor, Int16(POLLOUT), milliseconds)
    }

    private static func wait(_ descriptor: Int32, _ events: Int16, _ milliseconds: Int) throws(SystemError) -> Bool {
        var entry = pollfd(fd: descriptor, events: events, revents: 0)
        let ready = poll(&entry, 1, Int32(clamping: milliseconds))
        if ready < 0 {
            let code = errno
            if code == EINTR { return false }
            throw SystemError(call: "poll", code: code)
        }
        return ready > 0
    }

    /// A pipe: (to read from, to write to), both closed on exec.
    package static func pipe() throws(SystemError) -> (reading: Int32, writing: Int32) {
        var both: [Int32] = [-1, -1]
        if clinux_pipe(&both) < 0 { throw SystemError.last("pipe2") }
        return (both[0], both[1])
    }
}
