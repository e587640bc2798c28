import Testing
import WebSocket

/// RFC 6455 §4: the opening handshake.
@Suite("RFC 6455 §4 handshake") struct HandshakeTests {
    static let good: [(String, String)] = [
        ("upgrade", "websocket"), ("connection", "Upgrade"), ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
        ("sec-websocket-version", "13"),
    ]

    private func judge(
        _ headers: [(String, String)], method: String = "GET", isHTTP11: Bool = true, deflate: WebSocketDeflate? = nil
    ) -> WebSocketHandshake.Decision {
        WebSocketHandshake.judge(
            method: method, isHTTP11: isHTTP11, header: { name in headers.filter { $0.0 == name }.map(\.1) },
            deflate: deflate, sha1: sha1)
    }

    private func status(_ decision: WebSocketHandshake.Decision) -> Int {
        switch decision {
        case .none: 0
        case .accept: 101
        case .refuse(let status, _, _): status
        }
    }

    private func with(_ name: String, _ values: String...) -> [(String, String)] {
        Self.good.filter { $0.0 != name } + values.map { (name, $0) }
    }

    private func subprotocol(_ values: String...) -> String? {
        guard case .accept(let acceptance) = judge(Self.good + values.map { ("sec-websocket-protocol", $0) }) else {
            return "refused"
        }
        return acceptance.subprotocol
    }

    @Test("§4.2.2 the answer, with the key of the RFC's example") func example() {
        let expected =
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n"
        guard case .accept(let acceptance) = judge(Self.good) else {
            Issue.record("a good handshake was refused")
            return
        }
        #expect(String(decoding: acceptance.response, as: UTF8.self) == expected)
        #expect(acceptance.subprotocol == nil)
        #expect(acceptance.deflate == nil)
    }

    @Test("§4.2.1 item 1: an HTTP/1.1 or higher GET request") func method() {
        guard case .refuse(405, let headers, _) = judge(Self.good, method: "POST") else {
            Issue.record("POST must be 405")
            return
        }
        #expect(headers.map { [$0.name, $0.value] } == [["Allow", "GET"]])
        #expect(status(judge(Self.good, isHTTP11: false)) == 400)
    }

    @Test("§4.2.1 item 3: Upgrade holds websocket, in any case") func upgrade() {
        #expect(status(judge(with("upgrade"))) == 400)
        #expect(status(judge(with("upgrade", "h2c"))) == 400)
        #expect(status(judge(with("upgrade", "h2c, WebSocket"))) == 101)
        #expect(status(judge(with("upgrade", "websockets"))) == 400)
    }

    @Test("§4.2.1 item 4: Connection holds Upgrade, in any case") func connection() {
        #expect(status(judge(with("connection"))) == 400)
        #expect(status(judge(with("connection", "keep-alive"))) == 400)
        #expect(status(judge(with("connection", "keep-alive, UPGRADE"))) == 101)
        #expect(status(judge(with("connection", "keep-alive", "upgrade"))) == 101)
    }

    @Test("§4.2.1 item 5: a key of sixteen bytes, once") func key() {
        #expect(status(judge(with("sec-websocket-key"))) == 400)
        for bad in [
            "", "dGhlIHNhbXBsZSBub25jZQ", "dGhlIHNhbXBsZSBub25j", "dGhlIHNhbXBsZSBub25jZQ=!",
            "a*hlIHNhbXBsZSBub25jZQ==",
        ] {
            #expect(status(judge(with("sec-websocket-key", bad))) == 400)
        }
        let key = "dGhlIHNhbXBsZSBub25jZQ=="
        #expect(status(judge(with("sec-websocket-key", key, key))) == 400)
    }

    @Test("§4.2.1 item 6, §4.4: another version is 426 and told ours") func version() {
        for other in ["8", "0", "14", "013", "13, 8"] {
            guard case .refuse(426, let headers, _) = judge(with("sec-websocket-version", other)) else {
                Issue.record("\(other) must be 426")
                continue
            }
            #expect(headers.contains { $0.name == "Sec-WebSocket-Version" && $0.value == "13" })
            #expect(headers.contains { $0.name == "Upgrade" && $0.value == "websocket" })
        }
        #expect(status(judge(with("sec-websocket-version"))) == 400)
        #expect(status(judge(with("sec-websocket-version", "13", "13"))) == 400)
    }

    @Test("a request with no sign of a handshake is none") func plain() {
        #expect(judge([]) == .none)
        #expect(judge([("connection", "keep-alive"), ("upgrade", "h2c")]) == .none)
        #expect(judge([("connection", "close")], method: "POST") == .none)
    }

    @Test("§4.2.2 item 5.5: the best subprotocol that both speak, or none") func subprotocols() {
        #expect(subprotocol("v10.stomp, v11.stomp, v12.stomp") == "v12.stomp")
        #expect(subprotocol("v10.stomp", "v11.stomp") == "v11.stomp")
        #expect(subprotocol("mqtt,v10.stomp") == "v10.stomp")
        #expect(subprotocol("mqtt") == nil)
        #expect(subprotocol("V12.STOMP") == nil, "names are compared as they are")
        #expect(subprotocol() == nil)
        #expect(subprotocol("v12.stomp,, ") == "v12.stomp")
        #expect(subprotocol("v12 stomp") == "refused")
    }

    @Test("§9.1 malformed extensions refuse the handshake, unknown ones are declined") func extensions() {
        for bad in ["a b", ";a", "a;", "a; b=", "a; b=\"", "a; b=\"x y\"", "a=1", "\"a\""] {
            #expect(status(judge(Self.good + [("sec-websocket-extensions", bad)])) == 400, "\(bad)")
        }
        for fine in ["a", "a, b", "a; b=\"c\"", "a ; b = c ,, d", "permessage-deflate; client_max_window_bits", ""] {
            #expect(status(judge(Self.good + [("sec-websocket-extensions", fine)])) == 101, "\(fine)")
        }
    }

    @Test("§4.1 a client's request is accepted, and the answer checked") func client() {
        let handshake = WebSocketClientHandshake(nonce: Array("the sample nonce".utf8))
        let request = String(decoding: handshake.request(host: "a:1", path: "/stomp/chat"), as: UTF8.self)
        #expect(request.hasPrefix("GET /stomp/chat HTTP/1.1\r\nHost: a:1\r\n"))
        #expect(request.contains("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"))
        var answer: [(String, String)] = [
            ("upgrade", "websocket"), ("connection", "Upgrade"),
            ("sec-websocket-accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="), ("sec-websocket-protocol", "v12.stomp"),
        ]
        func defect(_ status: Int = 101) -> String? {
            handshake.defect(status: status, header: { name in answer.filter { $0.0 == name }.map(\.1) }, sha1: sha1)
        }
        #expect(defect() == nil)
        #expect(defect(200) != nil)
        answer[3].1 = "mqtt"
        #expect(defect() != nil)
        answer[3] = ("sec-websocket-extensions", "permessage-deflate")
        #expect(defect() != nil)
        answer[3] = ("x", "y")
        #expect(defect() == nil)
        answer[2].1 = "s3pPLMBiTxaQ9kYGzzhZRbK+xOp="
        #expect(defect() != nil)
    }
}
