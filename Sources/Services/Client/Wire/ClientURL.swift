internal import Linux

/// Where a client connects to.
package struct ClientURL: Sendable, Equatable, CustomStringConvertible {
    /// How it speaks there.
    package enum Scheme: Sendable, Equatable {
        /// HTTP, and STOMP over WebSocket.
        case web
        /// STOMP over plain TCP.
        case tcp
    }

    /// How to speak.
    package let scheme: Scheme
    /// A name or a number.
    package let host: String
    /// The port.
    package let port: UInt16
    /// The path of the WebSocket, from the slash on, with its query.
    package let path: String

    /// Reads `http://HOST[:PORT]`, `ws://HOST[:PORT][/PATH]` or `tcp://HOST:PORT`. Without a path it is `/stomp/chat`.
    ///
    /// - Throws: `ClientError.invalidURL`.
    package init(_ text: String) throws(ClientError) {
        guard let (scheme, defaultPort, rest) = ClientURL.split(text) else {
            throw .invalidURL("\(text): expected http://HOST:PORT, ws://HOST:PORT/PATH or tcp://HOST:PORT")
        }
        let slash = rest.firstIndex(of: "/") ?? rest.endIndex
        let authority = rest[..<slash]
        let path = String(rest[slash...])
        guard !authority.isEmpty, !authority.contains("@"),
            path.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "#") })
        else { throw .invalidURL("\(text): neither user names nor fragments belong in the URL") }
        if let address = SocketAddress.split(String(authority)) {
            host = address.host
            port = address.port
        } else if let defaultPort, !authority.hasSuffix(":"), authority.last == "]" || !authority.contains(":") {
            host = authority.hasPrefix("[") ? String(authority.dropFirst().dropLast()) : String(authority)
            port = defaultPort
        } else {
            throw .invalidURL("\(text): expected HOST:PORT behind \(scheme == .tcp ? "tcp" : "http")://")
        }
        self.scheme = scheme
        self.path = path.isEmpty || path == "/" ? "/stomp/chat" : path
    }

    private static func split(_ text: String) -> (Scheme, UInt16?, Substring)? {
        let schemes: [(String, Scheme, UInt16?)] = [
            ("http://", .web, 80), ("ws://", .web, 80), ("tcp://", .tcp, nil), ("stomp://", .tcp, nil),
        ]
        for (prefix, scheme, port) in schemes where text.lowercased().hasPrefix(prefix) {
            return (scheme, port, text.dropFirst(prefix.count))
        }
        return nil
    }

    /// As in the Host field.
    package var authority: String { "\(host.contains(":") ? "[\(host)]" : host):\(port)" }

    /// The URL in full.
    package var description: String { scheme == .tcp ? "tcp://\(authority)" : "ws://\(authority)\(path)" }
}
