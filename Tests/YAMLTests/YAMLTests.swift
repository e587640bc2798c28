import Testing
import YAML

@Suite struct YAMLTests {
    private func parse(_ text: String) throws -> YAMLNode { try YAMLParser.parse(Array(text.utf8)) }

    @Test func readsScalarsSequencesAndMappings() throws {
        let node = try parse("a: 1\nb: [x, '2', \"3\"]\nc:\n  d: |\n    two\n    lines\n  e:\n")
        #expect(node["a"]?.integer == 1)
        #expect(node["b"]?.elements?.map(\.text) == ["x", "2", "3"])
        #expect(node["b"]?.elements?.map(\.integer) == [nil, nil, nil])
        #expect(node["c"]?["d"]?.text == "two\nlines\n")
        #expect(node["c"]?["e"]?.text == "")
        #expect(node["z"] == nil)
        #expect(node.entries?.map(\.key) == ["a", "b", "c"])
        #expect(node["a"]?["b"] == nil)
    }

    @Test func knowsWhereThingsStand() throws {
        let node = try parse("a: 1\nb:\n  - x\n  -   y\n")
        #expect(node["b"]?.elements?.map(\.line) == [3, 4])
        #expect(node["b"]?.elements?.map(\.column) == [5, 7])
    }

    @Test(arguments: [
        ("a: [1,", 2, "did not find"), ("a: 1\n b: 2", 2, "mapping values"), ("a: 1\na: 2", 2, "twice"),
        ("a: &x 1\nb: *x", 2, "alias"), ("", 1, "empty"), ("a: 1\n---\nb: 2", 2, "more than one"),
        ("? [a]\n: b", 1, "key must be a text"), ("a: \u{1}", 1, "control characters"), ("\tx: 1", 1, "token"),
    ])
    func saysWhatIsWrongAndWhere(_ text: String, _ line: Int, _ words: String) {
        #expect {
            _ = try parse(text)
        } throws: { error in
            guard let error = error as? YAMLError else { return false }
            return error.line == line && error.message.contains(words)
        }
    }

    @Test func refusesWhatIsTooDeepOrNoUTF8() {
        #expect(throws: YAMLError.self) { try parse(String(repeating: "[", count: 100)) }
        #expect(throws: YAMLError.self) {
            try parse(String(repeating: "[", count: 40) + String(repeating: "]", count: 40))
        }
        #expect(throws: YAMLError.self) { try YAMLParser.parse([0x61, 0x3A, 0x20, 0xFF, 0xFE]) }
    }

    @Test func everyBeginningOfADocumentIsReadOrRefused() throws {
        let text = Array("a: {b: [1, \"x\\n\", 'y'], c: ~}\nd: >\n  folded\n  text\n".utf8)
        for count in 0...text.count {
            do { _ = try YAMLParser.parse(Array(text[..<count])) } catch { #expect(error.line >= 1) }
        }
    }
}
