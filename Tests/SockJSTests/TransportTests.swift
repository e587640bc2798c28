import SockJS
import TestSupport
import Testing

@Suite struct XhrPolling {
    @Test(arguments: ["/xhr", "/xhr_send"])
    func test_options(suffix: String) { verifyOptions("/abc/abc" + suffix, "OPTIONS, POST") }

    @Test func test_transport() {
        let server = EchoServer()
        let opened = server.post("/000/s/xhr", headers: ["Origin": "test"])
        #expect(opened.status == 200)
        #expect(opened.body == "o\n")
        verifyContentType(opened, "application/javascript;charset=UTF-8")
        verifyCors(opened, "test")
        verifyNotCached(opened)

        let sent = server.post("/000/s/xhr_send", headers: ["Origin": "test"], body: "[\"x\"]")
        #expect(sent.status == 204)
        #expect(sent.body == "")
        verifyContentType(sent, "text/plain;charset=UTF-8")
        verifyCors(sent, "test")
        verifyNotCached(sent)

        #expect(server.post("/000/s/xhr").body == "a[\"x\"]\n")
    }

    @Test func test_invalid_session() {
        #expect(EchoServer().post("/000/s/xhr_send", body: "[\"x\"]").status == 404)
    }

    @Test func test_invalid_json() {
        let server = EchoServer()
        #expect(server.post("/000/s/xhr").body == "o\n")
        let broken = server.post("/000/s/xhr_send", body: "[\"x")
        #expect(broken.status == 500)
        #expect(broken.body.contains("Broken JSON encoding."))
        let empty = server.post("/000/s/xhr_send", body: "")
        #expect(empty.status == 500)
        #expect(empty.body.contains("Payload expected."))
        #expect(server.post("/000/s/xhr_send", body: "[\"a\"]").status == 204)
        #expect(server.post("/000/s/xhr").body == "a[\"a\"]\n")
        // An array of anything else than strings is no message.
        #expect(server.post("/000/s/xhr_send", body: "[1]").status == 500)
        #expect(server.post("/000/s/xhr_send", body: "\"a\"").status == 500)
    }

    @Test func test_content_types() {
        let server = EchoServer()
        server.post("/000/s/xhr")
        let types = [
            "text/plain", "T", "application/json", "application/xml", "", "application/json; charset=utf-8",
            "text/xml; charset=utf-8", "text/xml",
        ]
        for type in types {
            let sent = server.post("/000/s/xhr_send", headers: ["Content-Type": type], body: "[\"a\"]")
            #expect(sent.status == 204)
            #expect(sent.body == "")
        }
        let all = types.map { _ in "\"a\"" }.joined(separator: ",")
        #expect(server.post("/000/s/xhr").body == "a[\(all)]\n")
    }

    @Test func test_request_headers_cors() {
        for asked in ["a, b, c", "", nil] {
            let server = EchoServer()
            var headers = ["Origin": "test", "Access-Control-Request-Method": "POST"]
            headers["Access-Control-Request-Headers"] = asked
            let reply = server.reply(server.send("OPTIONS", .echo, "/000/s/xhr", headers: headers))
            #expect(reply.status == 204)
            verifyCors(reply, "test")
            #expect(reply["Access-Control-Allow-Headers"] == (asked == "" ? nil : asked))
        }
    }

    @Test func test_sending_empty_frame() {
        let server = EchoServer()
        #expect(server.post("/000/s/xhr").body == "o\n")
        #expect(server.post("/000/s/xhr_send", body: "[]").status == 204)
        #expect(server.post("/000/s/xhr_send", body: "[\"a\"]").status == 204)
        #expect(server.post("/000/s/xhr").body == "a[\"a\"]\n")
    }
}

@Suite struct XhrStreaming {
    @Test func test_options() { verifyOptions("/abc/abc/xhr_streaming", "OPTIONS, POST") }

    @Test func test_transport() {
        let server = EchoServer()
        let stream = server.send("POST", .echo, "/000/s/xhr_streaming", headers: ["Origin": "test"])
        let reply = server.reply(stream)
        #expect(reply.status == 200)
        verifyContentType(reply, "application/javascript;charset=UTF-8")
        verifyCors(reply, "test")
        verifyNotCached(reply)
        #expect(server.read(stream) == String(repeating: "h", count: 2048) + "\n")
        #expect(server.read(stream) == "o\n")
        #expect(server.post("/000/s/xhr_send", body: "[\"x\"]").status == 204)
        #expect(server.read(stream) == "a[\"x\"]\n")
        #expect(server.read(stream) == nil)
    }

    @Test func test_response_limit() {
        let server = EchoServer()
        let stream = server.send("POST", .echo, "/000/s/xhr_streaming")
        #expect(server.read(stream) != nil)
        #expect(server.read(stream) == "o\n")
        let message = "\"" + String(repeating: "x", count: 128) + "\""
        for _ in 0..<31 {
            #expect(server.read(stream) == nil)
            #expect(server.post("/000/s/xhr_send", body: "[\(message)]").status == 204)
            #expect(server.read(stream) == "a[\(message)]\n")
        }
        #expect(server.read(stream) == "")
        // The session goes on with the next request.
        server.post("/000/s/xhr_send", body: "[\"x\"]")
        let next = server.send("POST", .echo, "/000/s/xhr_streaming")
        #expect(server.read(next)?.count == 2049)
        #expect(server.read(next) == "a[\"x\"]\n")
    }

    /// By default a streaming answer ends after 128 KiB.
    @Test func defaultLimit() { #expect(SockJSConfiguration().streamBytesMax == 131_072) }
}

@Suite struct EventSource {
    @Test func test_transport() {
        let server = EchoServer()
        let stream = server.send("GET", .echo, "/000/s/eventsource")
        let reply = server.reply(stream)
        #expect(reply.status == 200)
        verifyContentType(reply, "text/event-stream")
        verifyNotCached(reply)
        #expect(server.read(stream) == "\r\n")
        #expect(server.read(stream) == "data: o\r\n\r\n")
        server.post("/000/s/xhr_send", body: "[\"x\"]")
        #expect(server.read(stream) == "data: a[\"x\"]\r\n\r\n")
        server.post("/000/s/xhr_send", body: #"["  \u0000\n\r "]"#)
        #expect(server.read(stream) == #"data: a["  \u0000\n\r "]"# + "\r\n\r\n")
    }

    @Test func test_response_limit() {
        let server = EchoServer()
        let stream = server.send("GET", .echo, "/000/s/eventsource")
        #expect(server.read(stream) != nil)
        #expect(server.read(stream) == "data: o\r\n\r\n")
        let message = "\"" + String(repeating: "x", count: 4096) + "\""
        server.post("/000/s/xhr_send", body: "[\(message)]")
        #expect(server.read(stream) == "data: a[\(message)]\r\n\r\n")
        #expect(server.read(stream) == "")
    }
}

@Suite struct JSONEncoding {
    private static let killers: [UInt32] =
        Array(0x200C...0x200F) + Array(0x2028...0x202F) + Array(0x2060...0x206F) + Array(0xFFF0...0xFFFF)

    private static func escaped(_ scalar: UInt32) -> String {
        let digits = String(scalar, radix: 16)
        return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    }

    @Test func test_xhr_server_encodes() {
        let server = EchoServer()
        #expect(server.post("/000/s/xhr").body == "o\n")
        var raw = String.UnicodeScalarView()
        for killer in Self.killers { raw.append(Unicode.Scalar(killer) ?? "x") }
        #expect(server.post("/000/s/xhr_send", body: "[\"" + String(raw) + "\"]").status == 204)
        let expected = Self.killers.map(Self.escaped).joined()
        #expect(server.post("/000/s/xhr").body == "a[\"\(expected)\"]\n")
    }

    /// What the client escapes: here, everything that is a scalar.
    @Test func test_xhr_server_decodes() {
        for start in stride(from: UInt32(0), to: 0x10000, by: 0x1000) where start != 0xD000 {
            let server = EchoServer()
            server.post("/000/s/xhr")
            let all = (start..<start + 0x1000).map(Self.escaped).joined()
            #expect(server.post("/000/s/xhr_send", body: "[\"\(all)\"]").status == 204)
            let text = server.post("/000/s/xhr").body
            #expect(server.post("/000/s/xhr_send", body: String(text.dropFirst().dropLast())).status == 204)
            #expect(server.post("/000/s/xhr").body == text)
            #expect(text.unicodeScalars.count >= 0x1000)
        }
        let server = EchoServer()
        server.post("/000/s/xhr")
        server.post("/000/s/xhr_send", body: #"["\ud83d\ude00 한"]"#)
        #expect(server.post("/000/s/xhr").body == "a[\"\u{1F600} 한\"]\n")
        #expect(server.post("/000/s/xhr_send", body: #"["\ud83d"]"#).status == 500)
    }

    @Test("Any string comes back as it was, cut or not", arguments: 0..<4)
    func garbage(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        for _ in 0..<500 {
            var scalars = String.UnicodeScalarView()
            for _ in 0..<Int.random(in: 0..<12, using: &random) {
                let limit: UInt32 = [0x80, 0x3000, 0x11_0000].randomElement(using: &random) ?? 1
                scalars.append(Unicode.Scalar(UInt32.random(in: 0..<limit, using: &random)) ?? "\u{FFFF}")
            }
            let text = Array(String(scalars).utf8)
            var frame: [UInt8] = []
            text.withUnsafeBytes { SockJSFrame.appendMessage($0, to: &frame) }
            let back = try frame.dropFirst().withUnsafeBytes { try SockJSFrame.messages(inSend: $0) }
            #expect(back == [text], "seed \(seed)")
            // Octets that are no text never trap.
            let noise = (0..<9).map { _ in UInt8.random(in: 0xE0...0xFF, using: &random) }
            noise.withUnsafeBytes { SockJSFrame.appendString($0, to: &frame) }
            _ = try? frame.withUnsafeBytes { try SockJSFrame.messages(inWebSocket: $0) }
        }
    }
}

@Suite struct HandlingClose {
    private let prelude = String(repeating: "h", count: 2048) + "\n"

    @Test func test_close_frame() {
        let server = EchoServer()
        let first = server.send("POST", .close, "/000/s/xhr_streaming")
        #expect(server.read(first) == prelude)
        #expect(server.read(first) == "o\n")
        #expect(server.read(first) == "c[3000,\"Go away!\"]\n")
        let second = server.send("POST", .close, "/000/s/xhr_streaming")
        #expect(server.read(second) == prelude)
        #expect(server.read(second) == "c[3000,\"Go away!\"]\n")
        #expect(server.read(first) == "")
        #expect(server.read(second) == "")
    }

    @Test func test_close_request() {
        let server = EchoServer()
        let first = server.send("POST", .echo, "/000/s/xhr_streaming")
        #expect(server.read(first) == prelude)
        #expect(server.read(first) == "o\n")
        let second = server.send("POST", .echo, "/000/s/xhr_streaming")
        #expect(server.read(second) == prelude)
        #expect(server.read(second) == "c[2010,\"Another connection still open\"]\n")
        #expect(server.read(second) == "")
        #expect(server.read(first) == nil)
    }

    @Test func test_abort_xhr_streaming() {
        let server = EchoServer()
        let first = server.send("POST", .echo, "/000/s/xhr_streaming")
        server.abort(first)
        #expect(server.endedSessions == ["s"])
        let third = server.send("POST", .echo, "/000/s/xhr_streaming")
        #expect(server.read(third) == prelude)
        #expect(server.read(third) == "c[1002,\"Connection interrupted\"]\n")
        #expect(server.post("/000/s/xhr_send", body: "[\"x\"]").status == 404)
        server.wait(milliseconds: 5_000)
        #expect(server.endedSessions == ["s"])
        #expect(server.post("/000/s/xhr").body == "o\n")
    }

    @Test func test_abort_xhr_polling() {
        let server = EchoServer()
        #expect(server.post("/000/s/xhr").body == "o\n")
        let first = server.send("POST", .echo, "/000/s/xhr")
        let second = server.post("/000/s/xhr")
        #expect(second.body == "c[2010,\"Another connection still open\"]\n")
        server.abort(first)
        #expect(server.post("/000/s/xhr").body == "c[1002,\"Connection interrupted\"]\n")
    }

    /// What was sent before the close is delivered before it: an ERROR frame must arrive.
    @Test func lastWords() {
        var session = SockJSSession(configuration: SockJSConfiguration(), now: 0)
        let head = SockJSResponse(status: 200, headers: [])
        var actions: [SockJSAction] = []
        session.attach(receiver: 1, .xhr, head: head, now: 0, actions: &actions)
        session.queue(Array("ERROR".utf8))
        session.close(code: 1002, reason: "", now: 0, actions: &actions)
        #expect(session.pendingBytes == 7)
        session.queue(Array("never".utf8))
        session.attach(receiver: 2, .xhr, head: head, now: 0, actions: &actions)
        session.attach(receiver: 3, .xhr, head: head, now: 0, actions: &actions)
        let bodies = actions.map { action -> String in
            guard case .respond(_, let response) = action else { return "?" }
            return String(decoding: response.body, as: UTF8.self)
        }
        #expect(bodies == ["o\n", "a[\"ERROR\"]\n", "c[1002,\"\"]\n"])
    }
}
