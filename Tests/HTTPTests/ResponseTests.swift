import HTTP
import TestSupport
import Testing

/// RFC 9112 §4 and §6.3, RFC 9110 §8.6 and §15.
@Suite("RFC 9112 responses") struct ResponseTests {
    private let date = "Sun, 06 Nov 1994 08:49:37 GMT"

    private func written(_ response: HTTPResponse, _ change: (inout HTTPResponse.Delivery) -> Void = { _ in }) -> String
    {
        var delivery = HTTPResponse.Delivery(date: date)
        change(&delivery)
        var bytes: [UInt8] = []
        response.append(to: &bytes, delivery)
        return String(decoding: bytes, as: UTF8.self)
    }

    private func parsed(_ text: String, ended: Bool = false, head: Bool = false) -> [String] {
        Self.parsed([Array(text.utf8)[...]], ended: ended, head: head)
    }

    private static func parsed(_ pieces: [ArraySlice<UInt8>], ended: Bool = false, head: Bool = false) -> [String] {
        var parser = HTTPResponseParser()
        parser.answersHead = head
        var found: [String] = []
        func note(_ event: HTTPResponseEvent) -> Bool {
            switch event {
            case .needMore: return false
            case .response(let response):
                found.append("\(response.status) \(String(decoding: response.body, as: UTF8.self))")
            case .violation: found.append("violation")
            }
            return true
        }
        for piece in pieces {
            piece.withUnsafeBytes { buffer in
                var offset = 0
                while note(parser.next(in: buffer, from: &offset)) {}
            }
        }
        if ended { _ = note(parser.connectionEnded()) }
        return found
    }

    @Test("RFC 9110 §8.6 Content-Length, §6.6.1 Date") func shape() {
        let response = HTTPResponse(
            status: 200, fields: [HTTPField("Content-Type", "text/plain")], body: Array("hi".utf8))
        #expect(
            written(response)
                == "HTTP/1.1 200 OK\r\nDate: \(date)\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nhi")
        #expect(written(HTTPResponse(status: 404)).hasSuffix("\r\nContent-Length: 0\r\n\r\n"))
        #expect(!written(HTTPResponse(status: 204, body: [1])).contains("Content-Length"))
    }

    @Test("RFC 9110 §9.3.2 HEAD has the length without the body") func head() {
        let text = written(HTTPResponse(status: 200, body: Array("hi".utf8))) { $0.isHead = true }
        #expect(text.hasSuffix("Content-Length: 2\r\n\r\n"))
        #expect(parsed(text, head: true) == ["200 "])
    }

    @Test("RFC 9112 §9.6 close is told; HTTP/1.0 is told that it stays") func connection() {
        let response = HTTPResponse(status: 200)
        #expect(written(response) { $0.closes = true }.contains("Connection: close\r\n"))
        #expect(written(response) { $0.isHTTP11 = false }.contains("Connection: keep-alive\r\n"))
        #expect(!written(response).contains("Connection"))
        let old = read(get(version: "HTTP/1.0")).requests[0]
        #expect(HTTPResponse.Delivery(date: date, to: old).closes)
    }

    @Test("a value cannot begin a line of its own") func injection() {
        let text = written(HTTPResponse(status: 200, fields: [HTTPField("X", "a\r\nSet-Cookie: b\u{0}")]))
        #expect(text.contains("X: a  Set-Cookie: b \r\n"))
    }

    @Test("§7.1 a stream is chunked, or ends with the connection for HTTP/1.0") func stream() {
        var bytes: [UInt8] = []
        #expect(HTTPResponse(status: 200).appendStreamHead(to: &bytes, .init(date: date)))
        HTTPChunk.append(Array("0123456789abcdef".utf8), to: &bytes)
        HTTPChunk.append([], to: &bytes)
        HTTPChunk.append(Array("x".utf8), to: &bytes)
        bytes += HTTPChunk.last
        #expect(Self.parsed([bytes[...]]) == ["200 0123456789abcdefx"])
        bytes = []
        #expect(!HTTPResponse(status: 200).appendStreamHead(to: &bytes, .init(date: date, isHTTP11: false)))
        #expect(String(decoding: bytes, as: UTF8.self).contains("Connection: close"))
    }

    @Test("§6.3 the client finds the length of every response, at every cut") func lengths() {
        let text =
            "HTTP/1.1 100 Continue\r\n\r\n" + written(HTTPResponse(status: 200, body: Array("마당".utf8)))
            + written(HTTPResponse(status: 204)) + "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n"
            + "HTTP/1.1 200 \r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n"
            + "HTTP/1.1 500\r\nContent-Length: 0\r\n\r\n" + "HTTP/1.0 200 OK\r\n\r\nrest"
        let expected = ["200 마당", "204 ", "304 ", "200 ab", "500 ", "200 rest"]
        let bytes = Array(text.utf8)
        for cut in 0...bytes.count {
            #expect(Self.parsed([bytes[..<cut], bytes[cut...]], ended: true) == expected, "cut at \(cut)")
        }
    }

    @Test("a broken or cut response is a violation") func broken() {
        for bad in ["HTTP/1.1 20 OK\r\n", "HTTP/1.1 2000 OK\r\n", "HTTP/2 200\r\n", "\u{1}", "HTTP/1.1 099 x\r\n"] {
            #expect(parsed(bad) == ["violation"], "\(bad)")
        }
        #expect(parsed("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab", ended: true) == ["violation"])
        #expect(parsed("HTTP/1.1 200", ended: true) == ["violation"])
        #expect(parsed("", ended: true) == [])
    }

    @Test("101 leaves the rest to the protocol upgraded to") func upgrade() {
        var parser = HTTPResponseParser()
        let bytes = Array("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n\u{1}\u{2}".utf8)
        bytes.withUnsafeBytes { buffer in
            var offset = 0
            guard case .response(let response) = parser.next(in: buffer, from: &offset) else {
                Issue.record("no response")
                return
            }
            #expect(response.status == 101 && response["UPGRADE"] == "websocket" && offset == buffer.count - 2)
        }
    }

    @Test("garbage never traps") func garbage() {
        var random = SeededRandom(seed: 4)
        let text = Array("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n".utf8)
        for _ in 0..<garbageRounds(50_000) {
            var bytes = text
            let word = random.next()
            bytes[Int(word >> 32) % bytes.count] = UInt8(truncatingIfNeeded: word)
            var parser = HTTPResponseParser()
            bytes.withUnsafeBytes { buffer in
                var offset = 0
                for _ in 0..<4 { _ = parser.next(in: buffer, from: &offset) }
            }
            _ = parser.connectionEnded()
        }
    }

    @Test("RFC 9110 §5.6.7 dates") func dates() {
        #expect(HTTPDate.text(secondsSince1970: 784_111_777) == date)
        #expect(HTTPDate.text(secondsSince1970: 0) == "Thu, 01 Jan 1970 00:00:00 GMT")
        #expect(HTTPDate.text(secondsSince1970: 951_782_400) == "Tue, 29 Feb 2000 00:00:00 GMT")
        #expect(HTTPDate.text(secondsSince1970: 1_795_237_702) == "Sat, 21 Nov 2026 05:08:22 GMT")
        #expect(HTTPDate.text(secondsSince1970: -5) == "Thu, 01 Jan 1970 00:00:00 GMT")
        #expect(HTTPDate.text(secondsSince1970: .max) == "Fri, 31 Dec 9999 23:59:59 GMT")
    }
}
