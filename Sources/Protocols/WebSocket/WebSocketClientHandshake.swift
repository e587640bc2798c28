/// The client's side of the opening handshake (RFC 6455 §4.1).
package struct WebSocketClientHandshake: Sendable {
    /// The nonce sent, in base64.
    package let key: String
    /// The subprotocols offered.
    package let subprotocols: [String]

    /// `nonce`: sixteen bytes chosen at random for this connection.
    package init(nonce: [UInt8], subprotocols: [String] = WebSocketHandshake.stompSubprotocols) {
        precondition(nonce.count == 16)
        key = Base64.encode(nonce)
        self.subprotocols = subprotocols
    }

    /// The request. `host` as in the Host field, with its port where that is not the default; `path` with its query,
    /// percent-encoded; `headers`: further fields, already valid.
    package func request(host: String, path: String, headers: [(name: String, value: String)] = []) -> [UInt8] {
        var head = "GET \(path) HTTP/1.1\r\nHost: \(host)\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        head += "Sec-WebSocket-Key: \(key)\r\nSec-WebSocket-Version: 13\r\n"
        if !subprotocols.isEmpty {
            head += "Sec-WebSocket-Protocol: \(subprotocols.joined(separator: ", "))\r\n"
        }
        for header in headers { head += "\(header.name): \(header.value)\r\n" }
        return Array((head + "\r\n").utf8)
    }

    /// Nil when the answer opens the connection, else what is wrong with it (RFC 6455 §4.1, the client's six checks).
    /// No extension is offered, so none may be in the answer.
    package func defect(
        status: Int, header: (_ name: String) -> [String], sha1: ([UInt8]) -> [UInt8]
    ) -> String? {
        guard status == 101 else { return "status \(status) instead of 101" }
        guard HeaderField.contains(header("upgrade"), "websocket") else { return "Upgrade: websocket is missing" }
        guard HeaderField.contains(header("connection"), "upgrade") else { return "Connection: Upgrade is missing" }
        guard header("sec-websocket-accept") == [WebSocketHandshake.acceptKey(for: key, sha1: sha1)] else {
            return "Sec-WebSocket-Accept is wrong"
        }
        guard HeaderField.list(header("sec-websocket-extensions")).isEmpty else {
            return "an extension that was not offered"
        }
        let chosen = header("sec-websocket-protocol")
        guard chosen.isEmpty || (chosen.count == 1 && subprotocols.contains(chosen[0])) else {
            return "a subprotocol that was not offered"
        }
        return nil
    }
}
