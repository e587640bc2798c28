import JSON
import TestSupport
import Testing

@Suite("JSONSlices: where the parts stand") struct SlicesTests {
    private static let text = #" { "a" : 1 , "b":[ {"x":"]}\\\"[" } , -2.5 ,null,[]],"c":"\\","d":{"e":{}} } "#

    /// The members by name, each parsed for itself; nil where there is no object.
    private func members(_ bytes: [UInt8]) -> [JSONMember]? {
        bytes.withUnsafeBytes { raw in
            JSONSlices.members(of: raw)?.map { name, range in
                JSONMember(name, (try? JSONParser.parse(Array(raw[range]))) ?? .string("no JSON"))
            }
        }
    }

    private func elements(_ bytes: [UInt8], _ range: Range<Int>) -> [JSONValue]? {
        bytes.withUnsafeBytes { raw in
            JSONSlices.elements(of: raw, in: range)?.map { (try? JSONParser.parse(Array(raw[$0]))) ?? .null }
        }
    }

    @Test("the parts, parsed, are what the parser makes of the whole") func agrees() throws {
        let bytes = Array(Self.text.utf8)
        let whole = try JSONParser.parse(bytes)
        #expect(members(bytes) == whole.members)
        let array = Array(#"[1,"a,b",[2,[3]],{"c":[4]} , true]"#.utf8)
        #expect(elements(array, 0..<array.count) == (try JSONParser.parse(array)).array)
        #expect(elements(Array("x[]y".utf8), 1..<3) == [])
        #expect(members(Array("{}".utf8)) == [])
    }

    @Test("cut anywhere there is nothing") func cuts() {
        let bytes = Array(Self.text.utf8.dropLast(2))
        for count in 0..<bytes.count { #expect(members(Array(bytes[..<count])) == nil) }
        let array = Array(#"[1,"a\"b",[2]]"#.utf8)
        for count in 0..<array.count { #expect(elements(array, 0..<count) == nil) }
    }

    @Test(
        "neither an object nor an array",
        arguments: ["", "1", "[1]", "{1:2}", #"{"a"}"#, #"{"a":}"#, #"{"a":1,}"#, #"{"a":1}x"#, #"{"a":1 "b":2}"#])
    func others(_ text: String) {
        #expect(members(Array(text.utf8)) == nil)
    }

    @Test("ranges outside the text give nothing") func ranges() {
        for range in [-1..<1, 0..<4, 3..<9] { #expect(elements(Array("[1]".utf8), range) == nil) }
    }

    @Test("garbage never traps, and all parts lie inside") func garbage() {
        var random = SeededRandom(seed: 7159)
        let letters = Array(#"{}[]":,\\ a1"#.utf8)
        for _ in 0..<20_000 {
            let bytes = (0..<Int(random.next() % 24)).map { _ in letters[Int(random.next() % UInt64(letters.count))] }
            bytes.withUnsafeBytes { raw in
                for (_, range) in JSONSlices.members(of: raw) ?? [] {
                    #expect(range.lowerBound >= 0 && range.upperBound <= raw.count && !range.isEmpty)
                    for inner in JSONSlices.elements(of: raw, in: range) ?? [] {
                        #expect(inner.lowerBound >= range.lowerBound && inner.upperBound <= range.upperBound)
                    }
                }
            }
        }
    }
}
