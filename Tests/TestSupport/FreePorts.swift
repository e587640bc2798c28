import Glibc

/// Ports of 127.0.0.1 on which nobody listens.
package enum FreePorts {
    /// `count` different ones that are not in use now.
    package static func take(_ count: Int) -> [UInt16] {
        var sockets: [Int32] = []
        defer { for socket in sockets { close(socket) } }
        return (0..<count).map { _ in
            let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            precondition(descriptor >= 0, "socket: errno \(errno)")
            sockets.append(descriptor)
            return bind(descriptor, port: 0)
        }
    }

    /// `count` neighbours, for `madang up`, whose front n listens on the first port + n − 1.
    package static func takeRow(_ count: Int) -> UInt16 {
        for _ in 0..<200 {
            guard let first = take(1).first, Int(first) + count < 65_536 else { continue }
            if (0..<count).allSatisfy({ isFree(first + UInt16($0)) }) { return first }
        }
        preconditionFailure("no \(count) neighbouring ports are free")
    }

    /// Whether nobody listens on `port`.
    package static func isFree(_ port: UInt16) -> Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        // Connections of somebody who listened may still fade away (TIME_WAIT).
        var yes: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        return bind(descriptor, port: port) != 0
    }

    /// The port it is bound to, 0 where that was refused.
    private static func bind(_ descriptor: Int32, port: UInt16) -> UInt16 {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        return withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                guard Glibc.bind(descriptor, generic, length) == 0, getsockname(descriptor, generic, &length) == 0
                else {
                    return 0
                }
                return UInt16(bigEndian: pointer.pointee.sin_port)
            }
        }
    }
}
