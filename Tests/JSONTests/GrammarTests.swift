import JSON
import Testing

/// RFC 8259, sentence by sentence.
@Suite("RFC 8259 grammar") struct GrammarTests {
    private func parse(_ text: String) -> JSONValue? { try? JSONParser.parse(Array(text.utf8)) }

    private func code(_ bytes: [UInt8]) -> JSONError.Code? {
        do throws(JSONError) {
            _ = try JSONParser.parse(bytes)
            return nil
        } catch {
            return error.code
        }
    }

    @Test("§2 white space is space, tab, line feed, carriage return, around any token") func whiteSpace() {
        #expect(parse(" \t\r\n{ \"a\" : [ 1 , 2 ] } \n") == parse(#"{"a":[1,2]}"#))
        for other in ["\u{B}", "\u{C}", "\u{A0}", "\u{2028}", "\u{FEFF}", "\u{0}", "\u{85}"] {
            #expect(parse("\(other)1") == nil && parse("1\(other)") == nil && parse("[\(other)]") == nil)
        }
    }

    @Test("§2 one value, of any type, and nothing behind it") func oneValue() {
        for text in ["null", "true", "false", "0", "\"\"", "[]", "{}"] { #expect(parse(text) != nil) }
        for text in ["", " ", "1 1", "{}{}", "[],", "{},", "nulll", "true1", "\"\"x", "]", "}", ":", ",", "\\"] {
            #expect(parse(text) == nil, "\(text)")
        }
    }

    @Test("§3 literal names in small letters, whole") func literals() {
        for text in ["Null", "TRUE", "fals", "nul", "undefined", "NaN", "Infinity", "-Infinity", "[nul]", "tru\u{435}"]
        {
            #expect(parse(text) == nil, "\(text)")
        }
    }

    @Test("§4 objects: names are strings, one colon, one comma between members") func objects() {
        #expect(parse(#"{"a":1,"a":2}"#)?["a"] == .integer(2), "the last of several")
        #expect(parse(#"{"\u0061":1}"#)?["a"] == .integer(1), "names are compared unescaped")
        #expect(parse(#"{"":0}"#)?[""] == .integer(0))
        for text in [
            "{", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":1,", "{\"a\":1,}", "{,}", "{\"a\" 1}", "{\"a\"::1}", "{a:1}",
            "{1:1}", "{null:1}", "{'a':1}", "{\"a\":1 \"b\":2}", "{\"a\":1,,\"b\":2}", "{\"a\"}", "{[]:1}", "{\"a\":1]",
            "{\"a\":/**/1}", "{\"a\":1}//", "{\"a\":1}#",
        ] { #expect(parse(text) == nil, "\(text)") }
    }

    @Test("§5 arrays: one comma between values") func arrays() {
        #expect(parse("[1,[2],{}]")?.array?.count == 3)
        for text in [
            "[", "[1", "[1,", "[,1]", "[1,,2]", "[1 2]", "[1,]", "[,]", "[1:2]", "[1}", "[1]]", "[-]", "[*]", "[\"",
            "[\"a\",\n4\n,1,",
        ] {
            #expect(parse(text) == nil, "\(text)")
        }
    }

    @Test("§6 numbers") func numbers() {
        let integers: [(String, Int64)] = [
            ("0", 0), ("-0", 0), ("-1", -1), ("123", 123), ("9223372036854775807", .max),
            ("-9223372036854775808", .min),
        ]
        for (text, value) in integers { #expect(parse(text) == .integer(value), "\(text)") }
        let doubles: [(String, Double)] = [
            ("1.5", 1.5), ("-0.0", -0.0), ("1e2", 100), ("1E+2", 100), ("1e-2", 0.01), ("0e1", 0), ("0.1E1", 1),
            ("123.456e78", 123.456e78), ("9223372036854775808", 9223372036854775808),
            ("5e-324", .leastNonzeroMagnitude),
        ]
        for (text, value) in doubles { #expect(parse(text) == .double(value), "\(text)") }
        for text in [
            "-", "+1", "--1", "-+1", "01", "-01", "00", "1.", ".1", "-.1", "1.e1", "1e", "1e+", "1e1.5", "1.2.3", "0x1",
            "1_000", "1,5", "1e++1", "1a", "Inf", "１", "0e", "0.3e+", "2.e-3", "1 000", "-2.", "0E+", "1eE2", "−1",
        ] { #expect(parse(text) == nil, "\(text)") }
    }

    @Test("§7 strings: escapes, and no control character without one") func strings() {
        #expect(parse(#""\"\\\/\b\f\n\r\t""#) == .string("\"\\/\u{8}\u{C}\n\r\t"))
        #expect(parse(#""\u00e9\uAC00\u0000""#) == .string("é가\u{0}"))
        #expect(
            parse("\"\u{7F}\u{80}\u{2028}\u{FFFF}\u{10FFFF}\"") == .string("\u{7F}\u{80}\u{2028}\u{FFFF}\u{10FFFF}"))
        for control in 0..<0x20 as Range<UInt8> {
            #expect(code([0x22, control, 0x22]) == .malformed, "\(control)")
            #expect(code([0x22, 0x5C, 0x6E, control, 0x22]) == .malformed, "\(control) behind an escape")
        }
        for text in [
            #"""#, #"""""#, #""\""#, #""\a""#, #""\x41""#, #""\'""#, #""\u""#, #""\u1""#, #""\u12""#, #""\u123""#,
            #""\u123g""#, #""\U0041""#, #""\u+041""#, #""\u 041""#, #""a"#, #"'a'"#, #""\u00A"#, #""\"#, #""\u{41}""#,
            "\"\\\u{1F4A9}\"", "\"\\\n\"",
        ] { #expect(parse(text) == nil, "\(text)") }
    }

    @Test("§7, §8.2 surrogates come in pairs") func surrogates() {
        #expect(parse(#""\uD834\udd1e\uDBFF\uDFFF""#) == .string("\u{1D11E}\u{10FFFF}"))
        for text in [
            #""\uD800""#, #""\uDC00""#, #""\uD800\uD800""#, #""\uD800a""#, #""\uD800\n""#, #""\uDD1E\uD834""#,
            #""\uD834\u0041""#, #""\uD834\uD834\uDD1E""#, #"{"\uD800":1}"#,
        ] { #expect(code(Array(text.utf8)) == .notUnicode, "\(text)") }
        #expect(parse(#""\uD834\u""#) == nil && parse(#""\uD834\"#) == nil && parse(#""\uD834"#) == nil)
    }

    @Test("§8.1 UTF-8 alone, and no byte order mark") func encoding() {
        for bad in [
            [0x80], [0xC0, 0xAF], [0xE0, 0x80, 0xAF], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xFF], [0xE9],
            [0xEA, 0xB0], [0xF0, 0x9F, 0x98],
        ] as [[UInt8]] {
            #expect(code([0x22] + bad + [0x22]) == .notUnicode, "\(bad)")
            #expect(code([0x22, 0x5C, 0x6E] + bad + [0x22]) == .notUnicode, "\(bad) behind an escape")
            #expect(code([0x7B, 0x22] + bad + Array("\":1}".utf8)) == .notUnicode, "\(bad) in a name")
            #expect(code(bad) == .malformed, "\(bad) outside a string")
        }
        #expect(parse("\u{FEFF}{}") == nil)
        #expect(code([0xFF, 0xFE, 0x5B, 0, 0x5D, 0]) != nil, "UTF-16")
    }

    @Test("§9 the depth is bounded, whatever is nested") func depth() {
        for levels in [1, 16, 17, 100_000] {
            let expected: JSONError.Code? = levels > 16 ? .tooDeep : nil
            let arrays = String(repeating: "[", count: levels) + String(repeating: "]", count: levels)
            #expect(code(Array(arrays.utf8)) == expected)
            let objects = String(repeating: "{\"\":", count: levels) + "1" + String(repeating: "}", count: levels)
            #expect(code(Array(objects.utf8)) == expected)
        }
        #expect(code(Array(String(repeating: "[{\"\":", count: 50_000).utf8)) == .tooDeep)
        #expect(code(Array(String(repeating: "[],", count: 50_000).utf8)) == .malformed)
        let wide = "[" + String(repeating: "[[]],", count: 20_000) + "0]"
        #expect(parse(wide)?.array?.count == 20_001, "brothers are not levels")
    }
}
