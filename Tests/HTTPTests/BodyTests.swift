import HTTP
import Testing

/// RFC 9112 §6 and §7: one length for every body.
@Suite("RFC 9112 §6 bodies") struct BodyTests {
    private func body(_ reading: Reading) -> String? {
        reading.requests.first.map { String(decoding: $0.body, as: UTF8.self) }
    }

    private func chunked(_ body: String) -> Reading { read(post("Transfer-Encoding: chunked", body: body)) }

    @Test("§6.3 without a length there is no body") func none() {
        let reading = read(post() + get())
        #expect(reading.requests.map(\.method) == ["POST", "GET"])
        #expect(body(reading) == "")
    }

    @Test("§6.2 Content-Length counts octets, any method") func contentLength() {
        #expect(body(read(post("Content-Length: 6", body: "마당"))) == "마당")
        #expect(body(read(get("Content-Length: 2") + "ab")) == "ab")
        #expect(body(read(post("Content-Length: 0"))) == "")
        #expect(body(read(post("Content-Length: 00002", body: "ab"))) == "ab")
        let two = read(post("Content-Length: 2", body: "ab") + get())
        #expect(two.requests.count == 2)
    }

    @Test("§6.3 item 5: a Content-Length that is none, or more than one, is 400") func badContentLength() {
        for bad in ["", "-1", "+1", "1a", "0x1", "1 1", "1,1", "1, 2", "1.0", "１"] {
            #expect(read(post("Content-Length: \(bad)", body: "aa")).status == 400, "\(bad)")
        }
        #expect(read(post("Content-Length: 2", "Content-Length: 2", body: "aa")).status == 400)
        #expect(read(post("Content-Length: 2", "Content-Length: 1", body: "aa")).status == 400)
    }

    @Test("§6.1, §6.3 item 3: Transfer-Encoding beside Content-Length is 400") func both() {
        #expect(read(post("Transfer-Encoding: chunked", "Content-Length: 5", body: "0\r\n\r\n")).status == 400)
        #expect(read(post("Content-Length: 5", "Transfer-Encoding: chunked", body: "0\r\n\r\n")).status == 400)
    }

    @Test("§6.1 Transfer-Encoding in HTTP/1.0 is 400") func chunkedInHTTP10() {
        #expect(read("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n").status == 400)
    }

    @Test("§6.1, §6.3 item 4: the last coding is chunked, once; unknown ones are 501") func codings() {
        for fine in ["chunked", "Chunked", " chunked ,"] {
            #expect(read(post("Transfer-Encoding: \(fine)", body: "0\r\n\r\n")).status == 200, "\(fine)")
        }
        for bad in [
            "", "identity", "gzip", "chunked, gzip", "chunked, chunked", "xchunked", "chunked;a", "\u{B}chunked",
        ] {
            #expect(read(post("Transfer-Encoding: \(bad)", body: "0\r\n\r\n")).status == 400, "\(bad)")
        }
        #expect(read(post("Transfer-Encoding: chunked", "Transfer-Encoding: chunked")).status == 400)
        #expect(read(post("Transfer-Encoding: gzip, chunked")).status == 501)
    }

    @Test("§7.1 chunks are put together") func chunks() {
        #expect(body(chunked("3\r\nabc\r\nA\r\n0123456789\r\n0\r\n\r\n")) == "abc0123456789")
        #expect(body(chunked("000a\r\n0123456789\r\n000\r\n\r\n")) == "0123456789")
        let two = read(post("Transfer-Encoding: chunked", body: "1\r\na\r\n0\r\n\r\n") + get())
        #expect(two.requests.map(\.method) == ["POST", "GET"])
    }

    @Test("§7.1.1 extensions are ignored, §7.1.2 trailers too") func extras() {
        #expect(body(chunked("3;a=b\r\nabc\r\n0;x=\"y z\"\r\nX-T: 1\r\nContent-Length: 5\r\n\r\n")) == "abc")
        #expect(body(chunked("3 \t;a\r\nabc\r\n0\r\n\r\n")) == "abc")
        #expect(chunked("0\r\nX-T: 1\r\n\r\n").requests.first?.fields["x-t"] == nil)
    }

    @Test("§7.1 malformed chunks are 400") func badChunks() {
        for bad in [
            "\r\n", "x\r\n", "-1\r\n", "0x1\r\na\r\n", "1\na\r\n", "1\r\nab\r\n", "1\r\na\n", "1\r\naX", "1 \r\na\r\n",
            "1 x\r\na\r\n", "1;a\n", "1;a\u{0}\r\n", " 1\r\na\r\n", "1\r\na\r\n\r\n", "00000000000000001\r\na\r\n",
            "0\r\nX : 1\r\n\r\n", "0\r\n X: 1\r\n\r\n", "0\r\nX: 1\n\r\n", "1;\ra\r\n", "1\r\r\na",
        ] { #expect(chunked(bad).status == 400, "\(bad)") }
    }

    @Test("§7.1 a size that would overflow is 413") func overflow() {
        #expect(chunked("FFFFFFFFFFFFFFFF\r\n").status == 413)
        #expect(chunked("7FFFFFFFFFFFFFFF\r\n").status == 413)
    }

    @Test("RFC 9110 §10.1.1 Expect: 100-continue, once, while the body is not there") func expectation() {
        let waiting = read(post("Expect: 100-Continue", "Content-Length: 2"))
        #expect(waiting.continues == 1 && waiting.requests.isEmpty)
        let both = read([
            Array(post("Expect: 100-continue", "Content-Length: 2").utf8)[...], Array("ab".utf8)[...],
        ])
        #expect(both.continues == 1 && body(both) == "ab")
        let early = read(post("Expect: 100-continue", "Content-Length: 2", body: "ab"))
        #expect(early.continues == 0 && body(early) == "ab")
        #expect(read(post("Expect: 100-continue")).continues == 0, "no body, nothing to wait for")
        #expect(read(post("Expect: 200-ok")).status == 417)
        let old = read("POST / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n")
        #expect(old.continues == 0 && old.violation == nil)
    }
}
