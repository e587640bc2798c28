import JSON
import TestSupport
import Testing

@Suite struct JSONTests {
    @Test(arguments: [
        #"{"a":1,"b":[true,false,null],"c":"x\ny\"\\"}"#, "[]", "{}", #""안녕""#, "-12", "1.5", #"{"":{"":[]}}"#,
    ])
    func roundTrip(text: String) throws {
        #expect(String(decoding: try JSONParser.parse(Array(text.utf8)).bytes, as: UTF8.self) == text)
    }

    @Test func everyCutOfATextIsRefused() throws {
        let whole = Array(#"{"a":[1,"x\u00e9",{"b":null}],"c":-1.5e3}"#.utf8)
        for end in 0..<whole.count {
            #expect(throws: JSONError.self) { try JSONParser.parse(Array(whole[..<end])) }
        }
    }

    @Test(arguments: [
        "", " ", "{", "[1,]", "{\"a\":1,}", "01", "1.", "+1", ".5", "nul", "\"\u{1}\"", "\"\\x\"", "\"\\ud800\"",
        "\"\\udc00\\ud800\"", "1 2", "[1}", "NaN", "'a'",
    ])
    func refused(text: String) {
        #expect(throws: JSONError.self) { try JSONParser.parse(Array(text.utf8)) }
    }

    @Test func surrogatePairsBecomeOneScalar() throws {
        #expect(try JSONParser.parse(Array(#""\ud83d\ude00""#.utf8)) == .string("😀"))
    }

    @Test func sixteenLevelsAndNoMore() throws {
        let nested = { (levels: Int) in
            Array((String(repeating: "[", count: levels) + String(repeating: "]", count: levels)).utf8)
        }
        _ = try JSONParser.parse(nested(16))
        #expect(throws: JSONError.self) { try JSONParser.parse(nested(17)) }
        #expect(throws: JSONError.self) { try JSONParser.parse(nested(20_000)) }
    }

    @Test func wholeNumbersHoweverWritten() throws {
        #expect(try JSONParser.parse(Array("57.0".utf8)).integer == 57)
        #expect(try JSONParser.parse(Array("9223372036854775807".utf8)).integer == .max)
        #expect(try JSONParser.parse(Array("1e400".utf8)).integer == nil)
    }
}
