import SockJS
import Testing

// Each suite and test has the name of its class and function in sockjs-protocol 0.3.4, whose comments are its rules.

@Suite struct BaseUrlGreeting {
    @Test func test_greeting() {
        let server = EchoServer()
        for path in ["", "/"] {
            let reply = server.get(path)
            #expect(reply.status == 200)
            verifyContentType(reply, "text/plain;charset=UTF-8")
            #expect(reply.body == "Welcome to SockJS!\n")
            verifyNoCookie(reply)
        }
    }

    @Test func test_notFound() {
        let server = EchoServer()
        for path in ["/a", "/a.html", "//", "///", "/a/a", "/a/a/", "/a", "/a/"] {
            #expect(server.get(path).status == 404, "\(path)")
        }
    }
}

@Suite struct IframePage {
    private func verify(_ path: String) {
        let reply = EchoServer().get(path)
        #expect(reply.status == 200, "\(path)")
        verifyContentType(reply, "text/html;charset=UTF-8")
        verifyCached(reply)
        #expect(reply["ETag"] != nil)
        let start = """
            <!DOCTYPE html>
            <html>
            <head>
              <meta http-equiv="X-UA-Compatible" content="IE=edge" />
              <meta http-equiv="Content-Type" content="text/html; charset=UTF-8" />
              <script src="
            """
        let end = """
            "></script>
              <script>
                document.domain = document.domain;
                SockJS.bootstrap_iframe();
              </script>
            </head>
            <body>
              <h2>Don't panic!</h2>
              <p>This is a SockJS hidden iframe. It's used for cross domain magic.</p>
            </body>
            </html>
            """
        #expect(reply.body.hasPrefix(start))
        #expect(reply.body.hasSuffix(end))
        let script = reply.body.dropFirst(start.count).dropLast(end.count)
        #expect(script.hasPrefix("/") || script.hasPrefix("http"))
        #expect(!script.contains("\""))
        verifyNoCookie(reply)
    }

    @Test func test_simpleUrl() { verify("/iframe.html") }

    @Test(arguments: ["/iframe-a.html", "/iframe-.html", "/iframe-0.1.2.html", "/iframe-0.1.2abc-dirty.2144.html"])
    func test_versionedUrl(path: String) { verify(path) }

    @Test(arguments: [
        "/iframe-a.html?t=1234", "/iframe-0.1.2.html?t=123414", "/iframe-0.1.2abc-dirty.2144.html?t=qweqweq123",
    ])
    func test_queriedUrl(path: String) { verify(path) }

    @Test(arguments: [
        "/iframe.htm", "/iframe", "/IFRAME.HTML", "/IFRAME", "/iframe.HTML", "/iframe.xml", "/iframe-/.html",
    ])
    func test_invalidUrl(path: String) { #expect(EchoServer().get(path).status == 404) }

    @Test func test_cacheability() throws {
        let server = EchoServer()
        let tag = try #require(server.get("/iframe.html")["etag"])
        #expect(server.get("/iframe.html")["etag"] == tag)
        let again = server.get("/iframe.html", headers: ["If-None-Match": tag])
        #expect(again.status == 304)
        #expect(again["content-type"] == nil)
        #expect(again.body == "")
        #expect(server.get("/iframe.html", headers: ["If-None-Match": "\"other\""]).status == 200)
    }

    /// Not one of the protocol's own.
    @Test func scriptURLStaysInItsAttribute() {
        let router = SockJSRouter(configuration: SockJSConfiguration(scriptURL: "/a\"><script>&"))
        let request = SockJSRequest(method: "GET", path: "/iframe.html")
        guard case .response(let response) = router.answer(request, entropy: 0, nowMilliseconds: 0) else {
            Issue.record("no page")
            return
        }
        #expect(String(decoding: response.body, as: UTF8.self).contains("src=\"/a&quot;><script>&amp;\""))
        #expect(response["Expires"] == "Fri, 01 Jan 1971 00:00:00 GMT")
    }
}

@Suite struct InfoTest {
    @Test func test_basic() {
        let reply = EchoServer().get("/info", headers: ["Origin": "test"])
        #expect(reply.status == 200)
        verifyContentType(reply, "application/json;charset=UTF-8")
        verifyNoCookie(reply)
        verifyNotCached(reply)
        verifyCors(reply, "test")
        #expect(reply.body.hasPrefix(#"{"websocket":true,"origins":["*:*"],"cookie_needed":false,"entropy":"#))
    }

    @Test func test_entropy() {
        let server = EchoServer()
        #expect(server.get("/info").body != server.get("/info").body)
    }

    @Test func test_options() { verifyOptions("/info", "OPTIONS, GET") }

    @Test func test_options_null_origin() {
        let server = EchoServer()
        let headers = ["Origin": "null", "Access-Control-Request-Method": "POST"]
        let reply = server.reply(server.send("OPTIONS", "/info", headers: headers))
        #expect(reply.status == 204)
        #expect(reply.body == "")
        #expect(reply["access-control-allow-origin"] == "null")
    }

    @Test func test_disabled_websocket() {
        #expect(EchoServer().get("/info", .disabled_websocket_echo).body.hasPrefix(#"{"websocket":false"#))
        let upgrade = ["Upgrade": "websocket", "Connection": "Upgrade"]
        #expect(EchoServer().get("/0/0/websocket", .disabled_websocket_echo, headers: upgrade).status == 404)
    }

    /// Not one of the protocol's own: an origin that is not allowed reads nothing; other methods are refused.
    @Test func foreignOrigin() {
        let server = EchoServer()
        let reply = server.reply(
            server.send("GET", "/info", headers: ["Origin": "http://evil"], allowsOrigin: false))
        #expect(reply["access-control-allow-origin"] == nil)
        #expect(reply["access-control-allow-credentials"] == nil)
        verifyCors(server.get("/info"), nil)
        verify405(server.post("/info"))
        verify405(server.post(""))
        verify405(server.post("/iframe.html"))
    }
}

extension EchoServer {
    func send(_ method: String, _ path: String, headers: [String: String], allowsOrigin: Bool = true) -> UInt64 {
        send(method, .echo, path, headers: headers, allowsOrigin: allowsOrigin)
    }
}
