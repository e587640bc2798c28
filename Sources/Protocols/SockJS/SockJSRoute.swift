/// What a path under the prefix of a SockJS service leads to.
package enum SockJSRoute: Sendable, Equatable {
    /// The prefix itself.
    case greeting
    case info
    case iframe
    /// `/websocket`: WebSocket without SockJS's framing.
    case rawWebSocket
    /// `/SERVER/SESSION/TRANSPORT`; the server part is for load balancers and is ignored.
    case session(id: String, SockJSTransport)
    case notFound

    /// Finds the route of a path.
    ///
    /// - Parameter path: what follows the prefix, from the slash on; percent-encoded, without a query.
    package init(path: some StringProtocol) {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        guard let first = parts.first else {
            self = .greeting
            return
        }
        guard first.isEmpty else {
            self = .notFound
            return
        }
        switch parts.count {
        case 1: self = .greeting
        case 2:
            switch parts[1] {
            case "": self = .greeting
            case "info": self = .info
            case "websocket": self = .rawWebSocket
            default: self = SockJSRoute.isIframe(parts[1]) ? .iframe : .notFound
            }
        case 4:
            // Any value but an empty one, and none with a dot (SessionURLs).
            guard let transport = SockJSTransport(rawValue: String(parts[3])), !parts[1].isEmpty,
                !parts[2].isEmpty, !parts[1].contains("."), !parts[2].contains(".")
            else {
                self = .notFound
                return
            }
            self = .session(id: String(parts[2]), transport)
        default: self = .notFound
        }
    }

    /// `iframe`, then anything of `0-9-.a-z_`, then `.html`.
    private static func isIframe(_ name: some StringProtocol) -> Bool {
        guard name.hasPrefix("iframe"), name.hasSuffix(".html"), name.utf8.count >= 11 else { return false }
        return name.utf8.dropFirst(6).dropLast(5).allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"): true
            case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"): true
            default: false
            }
        }
    }
}
