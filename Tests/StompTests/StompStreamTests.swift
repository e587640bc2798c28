import Stomp
import TestSupport
import Testing

/// The parser under every cut, and under what nobody should send.
@Suite("STOMP streams")
struct StompStreamTests {
    static let streams: [String] = [
        "CONNECT\naccept-version:1.2\nhost:a:b\n\n^@\nSEND\r\ndestination:/a\r\ncontent-length:3\r\n\r\na^@b^@\n",
        "\n\nSEND\nx:1\nx:2\n\nbody^@SUBSCRIBE\nid:0\ndestination:\\c\\\\\n\n^@\n\n\nDISCONNECT\n\n^@",
        "SEND\nx:한글\n\n안녕^@\r\nSEND\nreceipt:7\nx\n\n^@", "SEND\nx:\\t\n\n^@", "SEND\nx:a\rb\n\n^@",
        "SEND\r\n\r\n^@\r\n\r\nSEND\ncontent-length:1\n\nab^@", "SUBSCRIBE\nreceipt:1\n\nbody^@", "SEND\na:b^@", "\rx",
        "SEND\na:b\n\r^@", "SEND\r\r\n\n^@",
    ]

    @Test("Cut at every octet, a stream gives the same", arguments: streams)
    func cutAnywhere(stream: String) {
        let bytes = octets(stream)
        let whole = parse(bytes)
        for first in 0...bytes.count {
            for second in first...bytes.count {
                #expect(parse(bytes, cuts: [first, second]) == whole, "cuts \(first), \(second)")
            }
        }
        #expect(parse(bytes, cuts: Array(0..<bytes.count)) == whole)
    }

    @Test("What was written is read again")
    func roundTrip() throws {
        var random = SeededRandom(seed: 12)
        for version in StompVersion.allCases {
            for _ in 0..<500 {
                let names = (0..<Int.random(in: 0...5, using: &random)).map { _ in
                    "n" + Self.text(version, &random)
                }
                let values = names.map { _ in Self.text(version, &random) }
                let body = (0..<Int.random(in: 0...40, using: &random)).map { _ in
                    UInt8.random(in: 0...4, using: &random)
                }
                var writer = StompWriter(version: version)
                writer.begin(.message)
                for (name, value) in zip(names, values) { writer.header(named: name, value) }
                writer.end(body: body)
                let parsed = parse(writer.bytes, version: version)
                #expect(parsed.error == nil)
                let frame = try #require(parsed.frames.first)
                #expect(Array(frame.body) == body)
                for index in names.indices {
                    #expect(frame.header(at: index) == (names[index], values[index]), "STOMP \(version.name)")
                }
            }
        }
    }

    /// Text with what has to be escaped, as far as the version can say it.
    private static func text(_ version: StompVersion, _ random: inout SeededRandom) -> String {
        let letters = ["a", "김", "\u{1F600}", "-", "\\", ":", "\n", "\r"]
        let known = version == .v1_0 ? 4 : version == .v1_1 ? 7 : 8
        return (0..<Int.random(in: 0...6, using: &random)).map { _ in letters[Int.random(in: 0..<known, using: &random)]
        }
        .joined()
    }

    @Test("Garbage never traps, and is the same in one piece and in many", arguments: 0..<8)
    func garbage(seed: Int) {
        var random = SeededRandom(seed: UInt64(seed))
        let pieces = [
            "SEND", "CONNECT", "SUBSCRIBE", "\n", "\n\n", "\r\n", "\r", "^@", ":", "a:b\n", "content-length:", "3", "0",
            "\\", "\\c", "receipt:1\n", "x", "한", "SEND\n\n^@", "SEND\ncontent-length:2\n\nab^@",
        ].map(octets)
        for round in 0..<2500 {
            var bytes: [UInt8] = []
            for _ in 0..<Int.random(in: 1...12, using: &random) {
                if Int.random(in: 0..<12, using: &random) == 0 {
                    bytes.append(UInt8.random(in: 0...255, using: &random))
                } else {
                    bytes += pieces[Int.random(in: 0..<pieces.count, using: &random)]
                }
            }
            // Enough to end whatever is open: a header's fault is told, in a cut head, where the head ends.
            bytes += octets("\n\n") + [UInt8](repeating: 0, count: 65)
            let limits = StompLimits(headersMax: 3, headerBytesMax: 24, frameBytesMax: 64)
            let version: StompVersion? = [nil, .v1_0, .v1_1, .v1_2].randomElement(using: &random) ?? nil
            let cuts = (0..<3).map { _ in Int.random(in: 0...bytes.count, using: &random) }.sorted()
            let whole = parse(bytes, version: version, limits: limits)
            let cut = parse(bytes, version: version, limits: limits, cuts: cuts)
            #expect(cut.frames == whole.frames, "seed \(seed) round \(round)")
            #expect(cut.error != nil, "seed \(seed) round \(round)")
            #expect(whole.error != nil, "seed \(seed) round \(round)")
        }
    }

    @Test("Parsers that share a scratch do not mix their frames")
    func sharedScratch() throws {
        let scratch = StompScratch()
        var first = StompParser(version: .v1_2)
        var second = StompParser(version: .v1_2)
        func feed(_ parser: inout StompParser, _ text: String) throws -> [StompFrame] {
            try octets(text).withUnsafeBytes { buffer in
                var input = StompInput(buffer)
                var frames: [StompFrame] = []
                while let view = try parser.next(&input, scratch) { frames.append(StompFrame(copying: view)) }
                return frames
            }
        }
        #expect(try feed(&first, "SEND\na:1\n\nab").isEmpty)
        #expect(try feed(&second, "SEND\na:2\nb:3\n\nxy^@").map { $0["a"] } == ["2"])
        let frames = try feed(&first, "cd^@")
        #expect(frames.map { $0["a"] } == ["1"])
        #expect(frames.map(\.bodyText) == ["abcd"])
        #expect(frames.map { $0["b"] } == [nil])
    }
}
