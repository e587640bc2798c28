import HTTP
import Testing

/// RFC 9112 §2 and §3.
@Suite("RFC 9112 §3 request line") struct RequestLineTests {
    private func line(_ line: String) -> Int { read(line + "\r\nHost: a\r\n\r\n").status }

    @Test("§3 method, one space, target, one space, version") func shape() {
        #expect(line("GET / HTTP/1.1") == 200)
        for bad in [
            "GET  / HTTP/1.1", "GET /  HTTP/1.1", "GET / HTTP/1.1 ", " GET / HTTP/1.1", "GET /", "GET", "GET / ",
            "GET /a b HTTP/1.1", "GET\t/\tHTTP/1.1", " / HTTP/1.1", "G(T / HTTP/1.1", "GET\u{B}/ HTTP/1.1",
        ] { #expect(line(bad) == 400, "\(bad)") }
    }

    @Test("§2.2 lines end in CRLF alone") func lineEnds() {
        #expect(read("GET / HTTP/1.1\nHost: a\n\n").status == 400)
        #expect(read("GET / HTTP/1.1\r\nHost: a\n\r\n").status == 400)
        #expect(read("GET / HTTP/1.1\r\nHost: a\r\n\n").status == 400)
        #expect(read("GET / HTTP/1.1\rHost: a\r\n\r\n").status == 400)
        #expect(read("GET / HTTP/1.1\r\r\nHost: a\r\n\r\n").status == 400)
        #expect(read("GET / HTTP/1.1\r\nHost: a\rX: b\r\n\r\n").status == 400)
        #expect(read("GET / HTTP/1.1\n").status == 400, "told at once")
    }

    @Test("§2.2 empty lines before a request are ignored") func leadingEmptyLines() {
        #expect(read("\r\n\r\n" + get()).requests.count == 1)
        #expect(read(get() + "\r\n" + get()).requests.count == 2)
        #expect(read("\n" + get()).status == 400)
    }

    @Test("§2.2 no white space between start line and first field") func spaceBehindStartLine() {
        #expect(read("GET / HTTP/1.1\r\n Host: a\r\n\r\n").status == 400)
    }

    @Test("something else than HTTP is told by its first byte") func notHTTP() {
        #expect(read([0x16, 0x03]).status == 400)
        #expect(read([0x00]).status == 400)
    }

    @Test("§2.3 the version: 1.0, 1.1 and above; another major version is 505") func versions() {
        #expect(read(get()).requests.first?.isHTTP11 == true)
        #expect(read(get(version: "HTTP/1.0")).requests.first?.isHTTP11 == false)
        #expect(read(get(version: "HTTP/1.2")).requests.first?.isHTTP11 == true)
        for other in ["HTTP/2.0", "HTTP/0.9", "HTTP/3.0"] { #expect(line("GET / " + other) == 505) }
        for bad in ["http/1.1", "HTTP/1", "HTTP/1.", "HTTP/11", "HTTP/1.10", "HTTP1.1", "HTTP/1,1", "HTTPS/1.1", "X"] {
            #expect(line("GET / " + bad) == 400, "\(bad)")
        }
        #expect(read("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").status != 200)
    }

    @Test("RFC 9110 §9.1 methods are tokens, and case counts") func methods() {
        #expect(read("get / HTTP/1.1\r\nHost: a\r\n\r\n").requests.first?.method == "get")
        #expect(read("BREW / HTTP/1.1\r\nHost: a\r\n\r\n").requests.first?.method == "BREW")
        #expect(read("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n").requests.first?.isHead == true)
    }

    @Test("§3.2.1 origin form: segments and query decoded") func originForm() {
        let target = read(get(target: "/chat/10/%EA%B0%80%2Fb//?since=5&q=%EC%95%88+a%2Bb&x&=y&&z=1=2")).requests.first?
            .target
        #expect(target?.segments == ["chat", "10", "가/b", "", ""])
        #expect(target?.query.map { "\($0.name)=\($0.value)" } == ["since=5", "q=안 a+b", "x=", "=y", "z=1=2"])
        #expect(target?.query("q") == "안 a+b")
        #expect(target?.query("none") == nil)
        #expect(read(get(target: "/")).requests.first?.target.segments == [])
        #expect(read(get(target: "/?")).requests.first?.target.query == [])
    }

    @Test("targets with a bad escape, text that is not UTF-8, or bytes that may not be there are 400") func badTargets()
    {
        for bad in [
            "/%", "/%4", "/%zz", "/%4g", "/%FF", "/%ED%A0%80", "/a?b=%", "/a?%C0%80=1", "/a#b", "a", "//h:p@x y",
            "*", "a:80", "ftp://a/", "http://", "http:///x", "http://u@h/", "/\u{7F}", "/가",
        ] { #expect(line("GET \(bad) HTTP/1.1") == 400, "\(bad)") }
        #expect(line("GET /a|b?q=[1]^{2} HTTP/1.1") == 200, "what browsers leave as it is")
    }

    @Test("§3.2.2 absolute form: its host replaces the field") func absoluteForm() {
        let request = read(get(target: "HTTP://Example.com:8081/rooms?kind=open")).requests.first
        #expect(request?.host == "Example.com:8081")
        #expect(request?.target.segments == ["rooms"])
        #expect(request?.target.query("kind") == "open")
        #expect(read(get(target: "http://a")).requests.first?.target.path == "/")
        #expect(read(get(target: "http://a?x=1")).requests.first?.target.query("x") == "1")
        #expect(read("GET http://a/ HTTP/1.1\r\n\r\n").status == 400, "Host is needed all the same")
    }

    @Test("§3.2.3 authority form and §3.2.4 asterisk form") func otherForms() {
        #expect(line("CONNECT a:80 HTTP/1.1") == 400)
        #expect(line("OPTIONS * HTTP/1.1") == 200)
    }
}
