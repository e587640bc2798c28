import HTTP
import Testing

/// RFC 9112 §3.2 and §5, RFC 9110 §5.
@Suite("RFC 9112 §5 header fields") struct FieldTests {
    private func field(_ line: String) -> Int { read(get(line)).status }

    @Test("RFC 9110 §5.1 names in any case; white space around values is left out") func lookup() {
        let fields = read(get("X-A:  b c \t", "x-a:d", "Empty:", "E2: \t")).requests.first?.fields
        #expect(fields?["x-a"] == "b c")
        #expect(fields?.all("x-a") == ["b c", "d"])
        #expect(fields?["empty"] == "")
        #expect(fields?["e2"] == "")
        #expect(fields?["none"] == nil)
        #expect(fields?.count == 5)
    }

    @Test("RFC 9110 §5.6.1 lists over several lines, empty elements left out") func lists() {
        let fields = read(get("L: a, ,b ,", "L: \tC")).requests.first?.fields
        #expect(fields?.list("l") == ["a", "b", "C"])
        #expect(fields?.list("l", contains: "c") == true)
        #expect(fields?.list("l", contains: "d") == false)
    }

    @Test("§5.1 no white space between name and colon") func spaceBeforeColon() {
        #expect(field("X : a") == 400)
        #expect(field("X\t: a") == 400)
    }

    @Test("§5.2 folded lines are refused") func folding() {
        #expect(field("X: a\r\n b") == 400)
        #expect(field("X: a\r\n\tb") == 400)
        #expect(read("GET / HTTP/1.1\r\nHost: a\r\n \r\n\r\n").status == 400)
    }

    @Test("RFC 9110 §5.1 names are tokens, every octet tried") func names() {
        for byte in 0...255 as ClosedRange<UInt8> {
            let isToken =
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                || "!#$%&'*+-.^_`|~".utf8.contains(byte)
            let text = Array("GET / HTTP/1.1\r\nHost: a\r\nX".utf8) + [byte] + Array("Y: 1\r\n\r\n".utf8)
            // A colon ends the name, and the rest is a value.
            #expect(read(text).status == (isToken || byte == 0x3A ? 200 : 400), "octet \(byte)")
        }
        #expect(field(": a") == 400)
        #expect(field("X") == 400)
    }

    @Test("RFC 9110 §5.5 values hold no control characters, every octet tried") func values() {
        for byte in 0...255 as ClosedRange<UInt8> {
            let isFine = byte == 9 || byte >= 0x20 && byte != 0x7F
            let text = Array("GET / HTTP/1.1\r\nHost: a\r\nX: a".utf8) + [byte] + Array("b\r\n\r\n".utf8)
            #expect(read(text).status == (isFine ? 200 : 400), "octet \(byte)")
        }
    }

    @Test("§3.2 exactly one valid Host in HTTP/1.1") func host() {
        func request(_ hosts: String..., version: String = "HTTP/1.1") -> Reading {
            read("GET / \(version)\r\n" + hosts.map { "Host: \($0)\r\n" }.joined() + "\r\n")
        }
        for fine in ["a", "127.0.0.1:8081", "[::1]", "[::1]:80", "", "a_b-c.d", "a:"] {
            #expect(request(fine).requests.first?.host == fine)
        }
        for bad in ["a b", "a/b", "u@a", "a:b", "a:123456", "[::1", "[]", "[::1]x", "a,b?", "a\"", "가"] {
            #expect(request(bad).status == 400, "\(bad)")
        }
        #expect(request().status == 400)
        #expect(request("a", "a").status == 400)
        #expect(request(version: "HTTP/1.0").requests.first?.host == "")
        #expect(request("a", "b", version: "HTTP/1.0").status == 400)
    }

    @Test("RFC 6265 cookies, RFC 6750 bearer tokens") func credentials() {
        let request = read(get("Cookie: a=1; session=x.y ;b=\"2\"", "Cookie: session=z; c")).requests.first
        #expect(request?.cookie("session") == "x.y")
        #expect(request?.cookie("a") == "1")
        #expect(request?.cookie("b") == "2")
        #expect(request?.cookie("c") == nil)
        #expect(request?.cookie("ession") == nil)
        #expect(read(get("Authorization: bearer  t.o")).requests.first?.bearerToken == "t.o")
        #expect(read(get("Authorization: Basic x")).requests.first?.bearerToken == nil)
        #expect(read(get("Authorization: Bearer ")).requests.first?.bearerToken == nil)
        #expect(read(get()).requests.first?.bearerToken == nil)
    }
}
