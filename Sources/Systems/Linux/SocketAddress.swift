import CLinux
import Glibc

/// An IPv4 or IPv6 address with a port.
package struct SocketAddress: Sendable, Equatable, CustomStringConvertible {
    /// The address in numbers: `127.0.0.1`, `::1`.
    package let host: String
    /// The port; 0 asks the system for a free one.
    package let port: UInt16
    /// The bytes of the C structure.
    let raw: [UInt8]

    /// `127.0.0.1:8081`, `[::1]:8081`.
    package var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

    /// Whether only this machine can reach it.
    package var isLoopback: Bool { host.hasPrefix("127.") || host == "::1" }
    var isIPv6: Bool { host.contains(":") }

    /// Splits `HOST:PORT` or `[HOST]:PORT`; nil where it is none.
    package static func split(_ text: String) -> (host: String, port: UInt16)? {
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
            return nil
        }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
        } else if host.contains(":") {
            return nil
        }
        return host.isEmpty ? nil : (String(host), port)
    }

    /// The addresses of a host name or number, IPv4 first. Blocks while names are looked up.
    package static func resolve(host: String, port: UInt16) throws(SystemError) -> [SocketAddress] {
        var hints = addrinfo()
        hints.ai_family = AF_UNSPEC
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let status = getaddrinfo(host, String(port), &hints, &list)
        guard status == 0 else {
            throw SystemError(call: "getaddrinfo \(host)", code: status == EAI_SYSTEM ? errno : ENOENT)
        }
        defer { freeaddrinfo(list) }
        var found: [SocketAddress] = []
        var entry = list
        while let current = entry {
            let bytes = UnsafeRawBufferPointer(
                start: current.pointee.ai_addr, count: Int(current.pointee.ai_addrlen))
            if let address = SocketAddress(bytes: bytes) { found.append(address) }
            entry = current.pointee.ai_next
        }
        return found.filter { !$0.isIPv6 } + found.filter(\.isIPv6)
    }

    /// Reads a C structure; nil where it is neither IPv4 nor IPv6.
    init?(bytes: UnsafeRawBufferPointer) {
        guard let base = bytes.baseAddress, bytes.count >= MemoryLayout<sockaddr_in>.size else { return nil }
        let address = base.assumingMemoryBound(to: sockaddr.self)
        let family = Int32(bytes.loadUnaligned(as: sa_family_t.self))
        let count: Int
        if family == AF_INET {
            count = MemoryLayout<sockaddr_in>.size
            port = UInt16(bigEndian: bytes.loadUnaligned(as: sockaddr_in.self).sin_port)
        } else if family == AF_INET6, bytes.count >= MemoryLayout<sockaddr_in6>.size {
            count = MemoryLayout<sockaddr_in6>.size
            port = UInt16(bigEndian: bytes.loadUnaligned(as: sockaddr_in6.self).sin6_port)
        } else {
            return nil
        }
        var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        guard getnameinfo(address, socklen_t(count), &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST) == 0 else {
            return nil
        }
        host = text.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
        raw = Array(bytes.prefix(count))
    }

    func withPointer<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        // sockaddr_storage is aligned as the C structures want it; the array need not be.
        var storage = sockaddr_storage()
        return withUnsafeMutableBytes(of: &storage) { bytes in
            bytes.copyBytes(from: raw)
            let base = UnsafeRawPointer(bytes.baseAddress!).assumingMemoryBound(to: sockaddr.self)
            return body(base, socklen_t(raw.count))
        }
    }
}
