import HTTP
import TestSupport
import Testing

@Suite("HTTP requests: cuts and garbage") struct RequestCutTests {
    static let stream = Array(
        ("\r\n" + get("X: y", target: "/a/%EA%B0%80?b=c") + post("Content-Length: 5", body: "hello")
            + post("Transfer-Encoding: chunked", body: "3;e=1\r\nabc\r\n0b\r\n01234567890\r\n0\r\nT: u\r\n\r\n")
            + "GET / HTTP/1.0\r\n\r\n" + "GET /x  HTTP/1.1\r\n").utf8)

    @Test("the same reading at every cut in two, and in pieces of every size") func cuts() {
        let stream = Self.stream
        let whole = read(stream).summary
        #expect(whole.count == 5)
        for cut in 0...stream.count {
            #expect(read([stream[..<cut], stream[cut...]]).summary == whole, "cut at \(cut)")
        }
        for size in 1...stream.count {
            let pieces = stride(from: 0, to: stream.count, by: size).map { stream[$0..<min($0 + size, stream.count)] }
            #expect(read(pieces).summary == whole, "pieces of \(size)")
        }
    }

    @Test("what the writer writes the parser reads") func roundTrip() {
        for body in [[], Array("{\"a\":1}".utf8), [UInt8](repeating: 0, count: 5000)] as [[UInt8]] {
            var bytes: [UInt8] = []
            let name = "가 /?&+%#"
            HTTPRequestWriter.append(
                method: "POST", target: "/users/\(HTTPPercent.encode(name))?q=\(HTTPPercent.encode(name))",
                host: "localhost:8081", fields: [HTTPField("X", "a\r\nEvil: b")], body: body, to: &bytes)
            let request = read(bytes).requests.first
            #expect(request?.target.segments == ["users", name])
            #expect(request?.target.query("q") == name)
            #expect(request?.body == body)
            #expect(request?.fields["evil"] == nil)
            #expect(request?.fields["x"] == "a  Evil: b")
        }
    }

    @Test("mutated requests never trap, and a refusal is one of the known") func garbage() {
        var random = SeededRandom(seed: 9112)
        let known: Set = [400, 413, 414, 417, 431, 501, 505]
        var parsed = 0
        var bytes = Self.stream
        for round in 0..<garbageRounds(200_000) {
            let word = random.next()
            let position = Int(word >> 32) % bytes.count
            let before = bytes[position]
            bytes[position] = round & 1 == 0 ? UInt8(truncatingIfNeeded: word) : Self.telling[Int(word & 31)]
            // From somewhere before the change, so that most of the stream is not parsed each time.
            var parser = HTTPRequestParser(limits: HTTPLimits(bodyBytesMax: 64))
            bytes[(position / 80 * 80)..<min(position + 40, bytes.count)].withUnsafeBytes { buffer in
                var offset = 0
                var goesOn = true
                while goesOn {
                    switch parser.next(in: buffer, from: &offset) {
                    case .needMore: goesOn = false
                    case .expectsContinue: break
                    case .request: parsed += 1
                    case .violation(let violation):
                        if !known.contains(violation.status) { Issue.record("round \(round): \(violation)") }
                    }
                }
            }
            if round & 63 == 0 { bytes = Self.stream } else if round & 3 != 0 { bytes[position] = before }
        }
        #expect(parsed > 0)
    }

    private static let telling = Array("\r\n \t:;,0/%?=\u{0}\u{7F}\u{B}\"#+&*aA19fF-_.@[]".utf8)
}
