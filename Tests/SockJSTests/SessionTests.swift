import SockJS
import Testing

@Suite struct SessionURLs {
    @Test(arguments: ["/a/a", "/_/_", "/1/", "/abcdefgh_i-j%20/abcdefg_i-j%20"])
    func test_anyValue(part: String) {
        let reply = EchoServer().post(part + "1/xhr")
        #expect(reply.status == 200)
        #expect(reply.body == "o\n")
    }

    @Test(arguments: ["//", "/a./a", "/a/a.", "/./.", "/", "///"])
    func test_invalidPaths(suffix: String) {
        #expect(EchoServer().get(suffix + "/xhr").status == 404)
        #expect(EchoServer().post(suffix + "/xhr").status == 404)
    }

    @Test func test_ignoringServerId() {
        let server = EchoServer()
        #expect(server.post("/000/s/xhr").body == "o\n")
        let sent = server.post("/000/s/xhr_send", body: "[\"a\"]")
        #expect(sent.status == 204)
        #expect(sent.body == "")
        let reply = server.post("/999/s/xhr")
        #expect(reply.status == 200)
        #expect(reply.body == "a[\"a\"]\n")
    }

    /// Not one of the protocol's own: the transports that are not offered, and methods that are not theirs.
    @Test func otherTransports() {
        let server = EchoServer()
        for transport in ["jsonp", "jsonp_send", "htmlfile", "xhr_", "XHR", ""] {
            #expect(server.get("/000/s/\(transport)").status == 404, "\(transport)")
            #expect(server.post("/000/s/\(transport)").status == 404, "\(transport)")
        }
        verify405(server.get("/000/s/xhr"))
        verify405(server.get("/000/s/xhr_send"))
        verify405(server.post("/000/s/eventsource"))
    }
}

@Suite struct ProtocolTests {
    @Test func test_simpleSession() {
        let server = EchoServer()
        #expect(server.post("/000/s/xhr").body == "o\n")
        let sent = server.post("/000/s/xhr_send", body: "[\"a\"]")
        #expect(sent.status == 204)
        #expect(sent.body == "")
        #expect(server.post("/000/s/xhr").body == "a[\"a\"]\n")
        #expect(server.post("/000/bad_session/xhr_send", body: "[\"a\"]").status == 404)

        let first = server.send("POST", .echo, "/000/s/xhr")
        let second = server.post("/000/s/xhr")
        #expect(second.body == "c[2010,\"Another connection still open\"]\n")
        #expect(second.status == 200)
        #expect(server.read(first) == nil)
        server.abort(first)
    }

    /// "The session must time out after 5 seconds of not having a receiving connection."
    @Test func sessionTimesOut() {
        let server = EchoServer()
        server.send("POST", .echo, "/000/s/xhr")
        server.wait(milliseconds: 4_999)
        #expect(server.post("/000/s/xhr_send", body: "[\"a\"]").status == 204)
        #expect(server.endedSessions == [])
        server.wait(milliseconds: 1)
        #expect(server.endedSessions == ["s"])
        #expect(server.post("/000/s/xhr_send", body: "[\"a\"]").status == 404)
        #expect(server.post("/000/s/xhr").body == "o\n")
    }

    /// "The server must send a heartbeat frame every 25 seconds."
    @Test func heartbeats() {
        let server = EchoServer()
        server.send("POST", .echo, "/000/s/xhr")
        let poll = server.send("POST", .echo, "/000/s/xhr")
        server.wait(milliseconds: 24_999)
        #expect(server.read(poll) == nil)
        server.wait(milliseconds: 1)
        #expect(server.read(poll) == "h\n")
        #expect(server.read(poll) == "")

        let stream = server.send("POST", .echo, "/000/t/xhr_streaming")
        #expect(server.read(stream)?.count == 2049)
        #expect(server.read(stream) == "o\n")
        server.wait(milliseconds: 10_000)
        server.post("/000/t/xhr_send", body: "[\"a\"]")
        #expect(server.read(stream) == "a[\"a\"]\n")
        server.wait(milliseconds: 24_999)
        #expect(server.read(stream) == nil)
        server.wait(milliseconds: 25_001)
        #expect(server.read(stream) == "h\n")
        #expect(server.read(stream) == "h\n")
        #expect(server.read(stream) == nil)
    }

    @Test func test_closeSession() {
        let server = EchoServer()
        #expect(server.post("/000/s/xhr", .close).body == "o\n")
        for _ in 0..<2 {
            let reply = server.post("/000/s/xhr", .close)
            #expect(reply.status == 200)
            #expect(reply.body == "c[3000,\"Go away!\"]\n")
        }
        #expect(server.endedSessions == [])
        server.wait(milliseconds: 5_000)
        #expect(server.endedSessions == [])
        #expect(server.post("/000/s/xhr", .close).body == "o\n")
    }
}

@Suite struct WebsocketHttpErrors {
    @Test func test_httpMethod() { #expect(EchoServer().get("/0/0/websocket").status == 400) }

    @Test func test_invalidConnectionHeader() {
        let reply = EchoServer().get("/0/0/websocket", headers: ["Upgrade": "WebSocket", "Connection": "close"])
        #expect(reply.status == 400)
        #expect(reply.body == "\"Connection\" must be \"Upgrade\".")
    }

    @Test func test_invalidMethod() {
        for headers in [["Upgrade": "WebSocket", "Connection": "Upgrade"], [:]] {
            verify405(EchoServer().post("/0/0/websocket", headers: headers))
        }
    }
}

/// What of these concerns the handshake and masks is in the tests of WebSocket; `test_haproxy` is about the draft
/// hixie-76, which is not spoken.
@Suite struct Websocket {
    private let upgrade = ["Upgrade": "websocket", "Connection": "Upgrade"]

    @Test func test_transport() throws {
        #expect(EchoServer().get("/000/s/websocket", headers: upgrade).webSocketIsFramed == true)
        #expect(SockJSFrame.open == Array("o".utf8))
        #expect(try messages("[\"a\"]") == ["a"])
        var frame: [UInt8] = []
        Array("a".utf8).withUnsafeBytes { SockJSFrame.appendMessage($0, to: &frame) }
        #expect(frame == Array("a[\"a\"]".utf8))
    }

    @Test func test_close() {
        #expect(SockJSFrame.close(code: 3000, reason: "Go away!") == Array("c[3000,\"Go away!\"]".utf8))
    }

    @Test func test_empty_frame() throws {
        #expect(try messages("") == [])
        #expect(try messages("[]") == [])
        #expect(try messages("\"a\"") == ["a"])
    }

    @Test func test_reuseSessionId() {
        let server = EchoServer()
        for _ in 0..<2 { #expect(server.get("/000/s/websocket", headers: upgrade).webSocketIsFramed == true) }
    }

    @Test(arguments: ["[\"a", "[1]", "{}", "[[\"a\"]]", "[null]", "1", "[\"a\"] x", "\u{0}"])
    func test_broken_json(payload: String) {
        #expect(throws: SockJSError.brokenJSON) { try messages(payload) }
    }

    /// Not one of the protocol's own: the heart-beat of a session over WebSocket.
    @Test func heartbeat() {
        var socket = SockJSSocket(configuration: SockJSConfiguration(), now: 0)
        #expect(socket.tick(now: 24_999_999_999) == nil)
        #expect(socket.tick(now: 25_000_000_000) == Array("h".utf8))
        #expect(socket.tick(now: 25_000_000_001) == nil)
        socket.sent(now: 40_000_000_000)
        #expect(socket.deadlineNanoseconds == 65_000_000_000)
    }

    private func messages(_ payload: String) throws -> [String] {
        try Array(payload.utf8).withUnsafeBytes { try SockJSFrame.messages(inWebSocket: $0) }
            .map { String(decoding: $0, as: UTF8.self) }
    }
}

@Suite struct RawWebsocket {
    @Test func test_transport() {
        let upgrade = ["Upgrade": "websocket", "Connection": "Upgrade"]
        #expect(EchoServer().get("/websocket", headers: upgrade).webSocketIsFramed == false)
        #expect(EchoServer().get("/websocket").status == 400)
        verify405(EchoServer().post("/websocket"))
    }
}

@Suite struct JsessionidCookie {
    private func verifyCookie(_ reply: Reply, _ value: String = "dummy") {
        #expect(reply["Set-Cookie"] == "JSESSIONID=\(value); path=/")
    }

    @Test func test_basic() {
        let reply = EchoServer().get("/info", .cookie_needed_echo)
        #expect(reply.status == 200)
        verifyNoCookie(reply)
        #expect(reply.body.contains(#""cookie_needed":true"#))
    }

    @Test func test_xhr() {
        let reply = EchoServer().post("/000/s/xhr", .cookie_needed_echo)
        #expect(reply.body == "o\n")
        verifyCookie(reply)
        let known = EchoServer().post("/000/s/xhr", .cookie_needed_echo, headers: ["Cookie": "JSESSIONID=abcdef"])
        #expect(known.body == "o\n")
        verifyCookie(known, "abcdef")
    }

    @Test func test_xhr_streaming() { verifyCookie(EchoServer().post("/000/s/xhr_streaming", .cookie_needed_echo)) }

    @Test func test_eventsource() { verifyCookie(EchoServer().get("/000/s/eventsource", .cookie_needed_echo)) }

    /// Where no load balancer needs one, nothing sets a cookie.
    @Test func none() { verifyNoCookie(EchoServer().post("/000/s/xhr")) }
}
