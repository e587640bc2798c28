import JSON
import TestSupport
import Testing

@Suite("JSON: round trips, cuts, garbage") struct GarbageTests {
    static let text =
        #"{"message":"안녕 \ud83d\ude00\n","n":[-1,2.5e3,0],"o":{"a":null,"b":true,"c":""},"roomId":10}"#

    private static let short = [
        #"{"a":1}"#, #"["x",null]"#, #"-12.5e+3"#, #""\u00e9\n""#, #"{"a":{"b":[0]}}"#, #""\ud83d\ude00""#, #""안녕""#,
    ]

    @Test("what was read is written so that it reads the same") func mutated() throws {
        var random = SeededRandom(seed: 8259)
        let texts = Self.short.map { Array($0.utf8) } + [Array(Self.text.utf8)]
        var fine = 0
        for round in 0..<garbageRounds(150_000) {
            // The long one now and then, so that most inputs are short.
            var bytes = texts[round % 64 == 0 ? texts.count - 1 : round % (texts.count - 1)]
            let word = random.next()
            for change in 0...(word >> 62) {
                let bits = word >> (change * 16)
                bytes[Int(bits & 0xFF) % bytes.count] =
                    bits & 0x100 == 0
                    ? UInt8(bits >> 8 & 0xFF) : Self.telling[Int(bits >> 9 & 0x7F) % Self.telling.count]
            }
            guard let value = try? JSONParser.parse(bytes) else { continue }
            fine += 1
            if Self.hasInfinity(value) { continue }
            let again = try JSONParser.parse(value.bytes)
            if again != value { Issue.record("round \(round): \(value) became \(again)") }
        }
        #expect(fine > 1000)
    }

    private static let telling = Array(#"{}[],:"\0-+.eEutfnabr/ 19"#.utf8) + [0, 0x1F, 0x80, 0xC3, 0xED, 0xF0, 0xFF]

    private static func hasInfinity(_ value: JSONValue) -> Bool {
        switch value {
        case .double(let number): !number.isFinite
        case .array(let elements): elements.contains(where: hasInfinity)
        case .object(let members): members.contains { hasInfinity($0.value) }
        default: false
        }
    }

    @Test("random trees come back as they were") func trees() throws {
        var random = SeededRandom(seed: 7)
        for round in 0..<garbageRounds(5_000) {
            let tree = Self.tree(&random, depth: 0)
            #expect(try JSONParser.parse(tree.bytes) == tree, "round \(round)")
        }
    }

    private static func tree(_ random: inout SeededRandom, depth: Int) -> JSONValue {
        let word = random.next()
        switch word % (depth < 5 ? 8 : 6) {
        case 0: return .null
        case 1: return .bool(word & 64 == 0)
        case 2: return .integer(Int64(bitPattern: random.next() >> (word >> 58)))
        case 3:
            let number = Double(bitPattern: random.next())
            return number.isFinite ? .double(number) : .null
        case 4, 5: return .string(text(&random))
        case 6: return .array((0..<Int(word >> 32 & 3)).map { _ in tree(&random, depth: depth + 1) })
        default:
            return .object(
                (0..<Int(word >> 32 & 3)).map { _ in JSONMember(text(&random), tree(&random, depth: depth + 1)) })
        }
    }

    private static func text(_ random: inout SeededRandom) -> String {
        var text = ""
        for _ in 0..<(random.next() & 7) {
            let word = random.next()
            let ranges: [UInt32] = [0x20, 0x80, 0x800, 0x10000, 0x110000]
            let bound = ranges[Int(word % 5)]
            text.unicodeScalars.append(Unicode.Scalar(UInt32(truncatingIfNeeded: word >> 32) % bound) ?? "\u{FFFD}")
        }
        return text
    }

    @Test("every cut of a text is refused") func cuts() {
        let whole = Array(Self.text.utf8)
        for end in 0..<whole.count { #expect(throws: JSONError.self) { try JSONParser.parse(Array(whole[..<end])) } }
    }

    @Test("what is escaped is what §7 demands, and nothing else") func escapes() {
        for scalar in (0...0x2FFF).compactMap({ Unicode.Scalar($0 as UInt32) }) {
            let written = JSONValue.string(String(scalar)).bytes
            let isEscaped = written.contains(UInt8(ascii: "\\"))
            #expect(isEscaped == (scalar.value < 0x20 || scalar == "\"" || scalar == "\\"), "\(scalar.value)")
        }
    }
}
