import HTTP
import Testing

@Suite("HTTP limits and connections") struct LimitTests {
    private let limits = HTTPLimits(
        headBytesMax: 256, targetBytesMax: 100, fieldsMax: 5, bodyBytesMax: 10, chunkExtrasBytesMax: 20)

    private func status(_ text: String) -> Int { read(text, limits: limits).status }

    @Test("RFC 9110 §15.5.15 a long target is 414, without waiting for its end") func target() {
        #expect(status(get(target: "/" + String(repeating: "a", count: 99))) == 200)
        #expect(status(get(target: "/" + String(repeating: "a", count: 100))) == 414)
        #expect(status("GET /" + String(repeating: "a", count: 300)) == 414)
    }

    @Test("RFC 6585 §5 a long head is 431, without waiting for its end") func head() {
        let head = get("X: " + String(repeating: "a", count: 200))
        #expect(head.utf8.count > 230 && head.utf8.count <= 256)
        #expect(status(head) == 200)
        #expect(status(get("X: " + String(repeating: "a", count: 230))) == 431)
        #expect(status("GET / HTTP/1.1\r\nX: " + String(repeating: "a", count: 300)) == 431)
        #expect(status(get("A: 1", "B: 1", "C: 1", "D: 1")) == 200)
        #expect(status(get("A: 1", "B: 1", "C: 1", "D: 1", "E: 1")) == 431)
    }

    @Test("a head of exactly the limit passes, one more octet does not") func exactHead() {
        let empty = get("X: ").utf8.count
        #expect(status(get("X: " + String(repeating: "a", count: 256 - empty))) == 200)
        #expect(status(get("X: " + String(repeating: "a", count: 257 - empty))) == 431)
    }

    @Test("RFC 9110 §15.5.14 a long body is 413, told by its header") func body() {
        #expect(status(post("Content-Length: 10", body: "0123456789")) == 200)
        #expect(status(post("Content-Length: 11")) == 413)
        #expect(status(post("Content-Length: 99999999999999999999999999")) == 413)
        #expect(status(post("Transfer-Encoding: chunked", body: "A\r\n0123456789\r\n0\r\n\r\n")) == 200)
        #expect(status(post("Transfer-Encoding: chunked", body: "6\r\n012345\r\n5")) == 413)
    }

    @Test("chunk extensions and trailers are bounded over the whole body") func chunkExtras() {
        let long = String(repeating: "a", count: 19)
        #expect(status(post("Transfer-Encoding: chunked", body: "1;\(long)\r\na\r\n0\r\n\r\n")) == 200)
        #expect(status(post("Transfer-Encoding: chunked", body: "1;\(long)\r\na\r\n1;")) == 431)
        #expect(status(post("Transfer-Encoding: chunked", body: "0\r\nX: \(long)")) == 431)
    }

    @Test("RFC 9112 §9.3 persistence") func persistence() {
        func keeps(_ text: String) -> Bool? { read(text).requests.first?.keepsAlive }
        #expect(keeps(get()) == true)
        #expect(keeps(get("Connection: close")) == false)
        #expect(keeps(get("Connection: Upgrade, CLOSE")) == false)
        #expect(keeps(get(version: "HTTP/1.0")) == false)
        #expect(keeps(get("Connection: Keep-Alive", version: "HTTP/1.0")) == true)
        #expect(keeps(get("Connection: keep-alive, close", version: "HTTP/1.0")) == false)
    }

    @Test("RFC 9112 §9.3.2 pipelining: one request an event, the rest untouched") func pipelining() {
        let first = Array(post("Content-Length: 2", body: "ab").utf8)
        let bytes = first + Array("anything".utf8)
        var parser = HTTPRequestParser()
        bytes.withUnsafeBytes { buffer in
            var offset = 0
            guard case .request = parser.next(in: buffer, from: &offset) else {
                Issue.record("no request")
                return
            }
            #expect(offset == first.count)
        }
    }

    @Test("the clock's question: idle, head or body") func progress() {
        var parser = HTTPRequestParser()
        func push(_ text: String) {
            Array(text.utf8).withUnsafeBytes { buffer in
                var offset = 0
                _ = parser.next(in: buffer, from: &offset)
            }
        }
        #expect(parser.progress == .idle)
        push("P")
        #expect(parser.progress == .head)
        push("OST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n")
        #expect(parser.progress == .body)
        push("a")
        #expect(parser.progress == .body)
        push("b")
        #expect(parser.progress == .idle)
    }

    @Test("after a violation nothing more is read") func finished() {
        #expect(read("GET / HTTP/9.9\r\nHost: a\r\n\r\n" + get()).summary == ["505"])
    }
}
