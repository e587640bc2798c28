import CLinux
import Glibc

/// TCP sockets as plain descriptors.
package enum Socket {
    /// What an accept came to.
    package enum Accepted: Equatable {
        /// A new non-blocking connection.
        case connection(Int32)
        /// Nobody waits now.
        case wouldBlock
        /// That one was gone already; try again.
        case aborted
        /// It failed with this `errno`.
        case failed(Int32)
    }

    /// A non-blocking socket that listens. With `reusePort` several may share the address, each with its own queue
    /// (SO_REUSEPORT). Throws with `isAddressInUse` where another has it.
    package static func listen(_ address: SocketAddress, backlog: Int = 4096, reusePort: Bool) throws(SystemError)
        -> Int32
    {
        let descriptor = try make(address)
        do throws(SystemError) {
            try set(descriptor, SOL_SOCKET, SO_REUSEADDR, 1)
            if reusePort { try set(descriptor, SOL_SOCKET, SO_REUSEPORT, 1) }
            if address.isIPv6 { try set(descriptor, Int32(IPPROTO_IPV6), IPV6_V6ONLY, 1) }
            if address.withPointer({ bind(descriptor, $0, $1) }) < 0 { throw SystemError.last("bind \(address)") }
            if Glibc.listen(descriptor, Int32(clamping: backlog)) < 0 {
                throw SystemError.last("listen \(address)")
            }
        } catch {
            Descriptor.close(descriptor)
            throw error
        }
        return descriptor
    }

    /// Takes the next connection of a listening socket.
    package static func accept(_ listener: Int32) -> Accepted {
        let descriptor = clinux_accept4(listener, nil, nil)
        if descriptor >= 0 { return .connection(descriptor) }
        switch errno {
        case EAGAIN: return .wouldBlock
        // Errors of the new connection, not of the listener (accept(2), "Error handling").
        case ECONNABORTED, EINTR, EPROTO, ENETDOWN, ENOPROTOOPT, EHOSTDOWN, ENONET, EHOSTUNREACH, EOPNOTSUPP,
            ENETUNREACH:
            return .aborted
        case let code: return .failed(code)
        }
    }

    /// Connects within the time; the socket is blocking afterwards.
    package static func connect(_ address: SocketAddress, timeoutMilliseconds: Int) throws(SystemError) -> Int32 {
        let descriptor = try make(address)
        do throws(SystemError) {
            if address.withPointer({ Glibc.connect(descriptor, $0, $1) }) < 0 {
                let code = errno
                guard code == EINPROGRESS else { throw SystemError(call: "connect \(address)", code: code) }
                guard try Descriptor.waitWritable(descriptor, milliseconds: timeoutMilliseconds) else {
                    throw SystemError(call: "connect \(address)", code: ETIMEDOUT)
                }
                let problem = try pendingError(descriptor)
                if problem != 0 { throw SystemError(call: "connect \(address)", code: problem) }
            }
            try Descriptor.setBlocking(descriptor, true)
            setNoDelay(descriptor)
        } catch {
            Descriptor.close(descriptor)
            throw error
        }
        return descriptor
    }

    /// Connects to the first address of a host that answers within the time (for each); blocking afterwards.
    package static func connect(host: String, port: UInt16, timeoutMilliseconds: Int) throws(SystemError) -> Int32 {
        var problem = SystemError(call: "getaddrinfo \(host)", code: ENOENT)
        for address in try SocketAddress.resolve(host: host, port: port) {
            do throws(SystemError) {
                return try connect(address, timeoutMilliseconds: timeoutMilliseconds)
            } catch {
                problem = error
            }
        }
        throw problem
    }

    /// Sends as much of `bytes`, which must not be empty, as goes now; a reader that is gone raises no signal.
    @inline(__always)
    package static func send(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> TransferResult {
        let sent = Glibc.send(descriptor, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL | MSG_DONTWAIT))
        return outcome(sent)
    }

    /// Sends two pieces, one after the other, in one call.
    package static func send(
        _ descriptor: Int32, _ first: UnsafeRawBufferPointer, _ second: UnsafeRawBufferPointer
    ) -> TransferResult {
        withUnsafeTemporaryAllocation(of: iovec.self, capacity: 2) { pieces in
            pieces[0] = iovec(iov_base: .init(mutating: first.baseAddress), iov_len: first.count)
            pieces[1] = iovec(iov_base: .init(mutating: second.baseAddress), iov_len: second.count)
            return send(descriptor, pieces: pieces)
        }
    }

    /// Sends many pieces in one call; `pieces` holds at most 1024 of them.
    package static func send(_ descriptor: Int32, _ pieces: UnsafeBufferPointer<UnsafeRawBufferPointer>)
        -> TransferResult
    {
        let count = min(pieces.count, 1024)
        return withUnsafeTemporaryAllocation(of: iovec.self, capacity: max(count, 1)) { vector in
            for index in 0..<count {
                vector[index] = iovec(
                    iov_base: .init(mutating: pieces[index].baseAddress), iov_len: pieces[index].count)
            }
            return send(descriptor, pieces: .init(rebasing: vector[..<count]))
        }
    }

    private static func send(_ descriptor: Int32, pieces: UnsafeMutableBufferPointer<iovec>) -> TransferResult {
        var message = msghdr()
        message.msg_iov = pieces.baseAddress
        message.msg_iovlen = pieces.count
        let sent = sendmsg(descriptor, &message, Int32(MSG_NOSIGNAL | MSG_DONTWAIT))
        return outcome(sent)
    }

    @inline(__always)
    private static func outcome(_ sent: Int) -> TransferResult {
        if sent > 0 { return .bytes(sent) }
        let code = errno
        return sent == 0 || code == EAGAIN || code == EINTR ? .wouldBlock : .failed(code)
    }

    /// Says that nothing more will be sent; what was sent still arrives.
    package static func shutdownWriting(_ descriptor: Int32) {
        _ = Glibc.shutdown(descriptor, Int32(SHUT_WR))
    }

    /// Sends small pieces at once (TCP_NODELAY).
    package static func setNoDelay(_ descriptor: Int32) {
        var on: Int32 = 1
        _ = setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, 4)
    }

    /// Sets the kernel's buffers in bytes, where not zero (SO_SNDBUF, SO_RCVBUF; the kernel doubles them).
    package static func setBuffers(_ descriptor: Int32, sendBytes: Int, receiveBytes: Int) {
        var send = Int32(clamping: sendBytes)
        var receive = Int32(clamping: receiveBytes)
        if send > 0 { _ = setsockopt(descriptor, SOL_SOCKET, SO_SNDBUF, &send, 4) }
        if receive > 0 { _ = setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &receive, 4) }
    }

    /// The address it is bound to.
    package static func localAddress(_ descriptor: Int32) throws(SystemError) -> SocketAddress {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let status = withUnsafeMutablePointer(to: &storage) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
        }
        if status < 0 { throw SystemError.last("getsockname") }
        let address = withUnsafeBytes(of: &storage) {
            SocketAddress(bytes: UnsafeRawBufferPointer(rebasing: $0[..<Int(length)]))
        }
        guard let address else { throw SystemError(call: "getsockname", code: EAFNOSUPPORT) }
        return address
    }

    /// The address of the other side; nil when it is gone.
    package static func peerAddress(_ descriptor: Int32) -> SocketAddress? {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let status = withUnsafeMutablePointer(to: &storage) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getpeername(descriptor, $0, &length) }
        }
        if status < 0 { return nil }
        return withUnsafeBytes(of: &storage) {
            SocketAddress(bytes: UnsafeRawBufferPointer(rebasing: $0[..<Int(length)]))
        }
    }

    private static func make(_ address: SocketAddress) throws(SystemError) -> Int32 {
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        let descriptor = socket(address.isIPv6 ? AF_INET6 : AF_INET, kind, 0)
        if descriptor < 0 { throw SystemError.last("socket") }
        return descriptor
    }

    private static func pendingError(_ descriptor: Int32) throws(SystemError) -> Int32 {
        var problem: Int32 = 0
        var length = socklen_t(4)
        if getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &problem, &length) < 0 {
            throw SystemError.last("getsockopt")
        }
        return problem
    }

    private static func set(_ descriptor: Int32, _ level: Int32, _ name: Int32, _ value: Int32) throws(SystemError) {
        var value = value
        if setsockopt(descriptor, level, name, &value, 4) < 0 { throw SystemError.last("setsockopt") }
    }
}
