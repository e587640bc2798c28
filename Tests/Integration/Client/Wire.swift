import Foundation
import TestSupport

/// A TCP connection to a port of 127.0.0.1, for clients that no code of the system has a part in.
final class Wire: Sendable {
    /// The connection is gone, or nothing came in time.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    private let descriptor: Int32

    init(port: UInt16) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, size) }
        }
        guard result == 0 else {
            let reason = errno
            close(descriptor)
            throw Failure(description: "connect to \(port): \(String(cString: strerror(reason)))")
        }
    }

    deinit { close(descriptor) }

    func send(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes { Foundation.send(descriptor, $0.baseAddress, $0.count, 0x4000) }
            guard count > 0 else { throw Failure(description: "send: \(String(cString: strerror(errno)))") }
            sent += count
        }
    }

    func send(_ text: String) throws { try send(Array(text.utf8)) }

    /// What came, at least one octet; empty at the end of the stream.
    func receive(within seconds: Double) throws -> [UInt8] {
        var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&request, 1, Int32(seconds * 1000)) == 1 else {
            throw Failure(description: "nothing came in \(seconds) s")
        }
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        guard count >= 0 else { throw Failure(description: "receive: \(String(cString: strerror(errno)))") }
        return Array(buffer[..<count])
    }

    /// Ends both directions; a thread that waits in `receive` sees the end.
    func shutDown() { shutdown(descriptor, Int32(SHUT_RDWR)) }

    /// Everything until the stream ends.
    func receiveAll(within seconds: Double) throws -> [UInt8] {
        let deadline = Deadline(seconds: seconds)
        var all: [UInt8] = []
        var running = true
        while running {
            let part = try receive(within: Double(deadline.millisecondsLeft) / 1000)
            all += part
            running = !part.isEmpty
        }
        return all
    }
}
