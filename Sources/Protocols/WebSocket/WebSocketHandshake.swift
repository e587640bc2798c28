/// The server's side of the opening handshake (RFC 6455 §4.2), decided from the request alone. Origin, cookies and
/// paths are the caller's to judge before.
package enum WebSocketHandshake {
    /// What a request is to be answered with.
    package enum Decision: Equatable, Sendable {
        /// No sign of a handshake: an ordinary request.
        case none
        /// Send `response` (the whole head of 101), then frames.
        case accept(Acceptance)
        /// Send this status with these header fields and `reason` as the message.
        case refuse(status: Int, headers: [Header], reason: String)
    }

    /// A header field of an answer.
    package struct Header: Equatable, Sendable {
        /// The field's name as written.
        package let name: String
        /// The field's value.
        package let value: String
    }

    /// A handshake that is accepted.
    package struct Acceptance: Equatable, Sendable {
        /// The bytes of the answer, up to and with the empty line.
        package var response: [UInt8]
        /// The subprotocol chosen, nil where none fits.
        package var subprotocol: String?
        /// permessage-deflate as agreed, nil for none.
        package var deflate: WebSocketDeflate?
    }

    /// STOMP's subprotocols, the best first.
    package static let stompSubprotocols = ["v12.stomp", "v11.stomp", "v10.stomp"]

    /// The one version there is (RFC 6455 §4.1).
    static let version = "13"

    /// Judges a request.
    /// - Parameters:
    ///   - isHTTP11: the request is HTTP/1.1 or a later 1.x.
    ///   - header: all values of the named field (name in small letters), one a field line, in order.
    ///   - subprotocols: those this end speaks, the best first.
    ///   - deflate: wishes for permessage-deflate, nil to decline it.
    ///   - sha1: SHA-1 of some bytes, 20 bytes.
    package static func judge(
        method: String, isHTTP11: Bool, header: (_ name: String) -> [String],
        subprotocols: [String] = stompSubprotocols, deflate: WebSocketDeflate? = nil, sha1: ([UInt8]) -> [UInt8]
    ) -> Decision {
        let upgrade = header("upgrade")
        let connection = header("connection")
        let keys = header("sec-websocket-key")
        let versions = header("sec-websocket-version")
        let hasSign =
            HeaderField.contains(upgrade, "websocket") || HeaderField.contains(connection, "upgrade")
            || !keys.isEmpty || !versions.isEmpty
        guard hasSign else { return .none }
        guard method == "GET" else {
            return .refuse(status: 405, headers: [Header(name: "Allow", value: "GET")], reason: "a handshake is a GET")
        }
        guard isHTTP11 else { return bad("a handshake needs HTTP/1.1") }
        guard HeaderField.contains(upgrade, "websocket") else { return bad("Upgrade: websocket is missing") }
        guard HeaderField.contains(connection, "upgrade") else { return bad("Connection: Upgrade is missing") }
        guard versions.count == 1, let asked = versions.first else {
            return bad("one Sec-WebSocket-Version is needed")
        }
        guard asked == version else {
            // RFC 6455 §4.4, RFC 9110 §15.5.22.
            let headers = [
                Header(name: "Sec-WebSocket-Version", value: version), Header(name: "Upgrade", value: "websocket"),
                Header(name: "Connection", value: "Upgrade"),
            ]
            return .refuse(status: 426, headers: headers, reason: "Sec-WebSocket-Version must be 13")
        }
        guard keys.count == 1, let key = keys.first, isKey(key) else {
            return bad("one Sec-WebSocket-Key of 16 bytes in base64 is needed")
        }
        let offered = HeaderField.list(header("sec-websocket-protocol"))
        guard offered.allSatisfy({ HeaderField.isToken($0) }) else { return bad("Sec-WebSocket-Protocol is malformed") }
        guard let extensions = WebSocketExtensionOffer.parse(header("sec-websocket-extensions")) else {
            return bad("Sec-WebSocket-Extensions is malformed")
        }
        let subprotocol = subprotocols.first { offered.contains($0) }
        let agreed = deflate.flatMap { WebSocketDeflate.negotiate(extensions, wanted: $0) }
        let response = accepting(
            acceptKey: acceptKey(for: key, sha1: sha1), subprotocol: subprotocol, extensions: agreed?.response)
        return .accept(Acceptance(response: response, subprotocol: subprotocol, deflate: agreed?.agreed))
    }

    /// Sec-WebSocket-Accept for a key (RFC 6455 §4.2.2, item 5.4).
    package static func acceptKey(for key: String, sha1: ([UInt8]) -> [UInt8]) -> String {
        Base64.encode(sha1(Array((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").utf8)))
    }

    /// Sixteen bytes in base64: 22 digits and two equals signs (RFC 6455 §4.2.1, item 5).
    static func isKey(_ key: String) -> Bool {
        let bytes = Array(key.utf8)
        return bytes.count == 24 && bytes[22...].allSatisfy { $0 == UInt8(ascii: "=") }
            && bytes[..<22].allSatisfy(Base64.isDigit)
    }

    private static func bad(_ reason: String) -> Decision {
        .refuse(
            status: 400, headers: [Header(name: "Sec-WebSocket-Version", value: version)], reason: reason)
    }

    private static func accepting(acceptKey: String, subprotocol: String?, extensions: String?) -> [UInt8] {
        var head = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        head += "Sec-WebSocket-Accept: \(acceptKey)\r\n"
        if let subprotocol { head += "Sec-WebSocket-Protocol: \(subprotocol)\r\n" }
        if let extensions { head += "Sec-WebSocket-Extensions: \(extensions)\r\n" }
        return Array((head + "\r\n").utf8)
    }
}
