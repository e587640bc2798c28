import Testing

/// Each rule finds what it is there for, and nothing in a file without faults.
@Suite struct RulesTests {
    private func file(_ text: String, _ path: String = "Sources/Core/Chat/A.swift") -> SourceFile {
        SourceFile(path: path, text: text)
    }

    private func found(_ text: String, _ path: String = "Sources/Core/Chat/A.swift") -> [String] {
        Rules.all.flatMap { $0(file(text, path)) }.map(\.message)
    }

    @Test func aGoodFileIsLeftAlone() {
        let text = #"""
            package import JSON

            /// A thing; see `fatalError(` and sleep(1).
            package struct Thing {
                /// What it says.
                @inlinable
                package func say() -> String { "try! \(call("} sleep(") ?? "{") fatalError(" }
                /// Its sides.
                package let width: Int
                package let height: Int

                package var description: String { "" }
            }
            """#
        #expect(found(text) == [])
    }

    @Test(arguments: [
        (String(repeating: "let a = 1\n", count: 501), "has 501 lines"),
        ("let a = \"" + String(repeating: "x", count: 120) + "\"", "wider"),
        ("func f() {\n" + String(repeating: "    g()\n", count: 70) + "}\n", "a function of 72 lines"),
        ("init() {\n" + String(repeating: "    g { 1 }\n", count: 69) + "}\n", "a function of 71 lines"),
        ("let a = try! f()", "traps"), ("fatalError(\"no\")", "traps"), ("// TO" + "DO later", "unfinished"),
        ("public struct A {}", "widest"), ("package struct A {}", "doc comment"),
        ("/// A.\npackage struct A {\n    package var b: Int\n}", "doc comment"),
        ("/// A.\npackage let a: Int\n\npackage let b: Int", "doc comment"),
        ("/// A.\npackage let a: Int\npackage func b() {}", "doc comment"),
        ("final class A: @unchecked Sendable {}", "proof"),
        ("import Glibc", "may not import Glibc"), ("internal import CLinux", "may not import CLinux"),
        ("@preconcurrency import Foundation", "may not import Foundation"),
        ("import struct Foundation.Date", "may not import Foundation"),
    ])
    func aFaultIsFound(text: String, words: String) {
        #expect(found(text).contains { $0.contains(words) }, "\(found(text))")
    }

    @Test(arguments: [
        "sleep(1)", "usleep(10)", "try await Task.sleep(for: .seconds(1))", "Thread.sleep(forTimeInterval: 1)",
    ])
    func aSleepIsFound(text: String) {
        #expect(found(text, "Tests/ChatTests/A.swift").contains { $0.contains("sleeps") })
        #expect(found("// " + text, "Tests/ChatTests/A.swift") == [])
    }

    @Test func aSecondOwnerIsFound() {
        let one = file("import CZlib", "Sources/Systems/Deflate/A.swift")
        let two = file("import CZlib", "Sources/Systems/Deflate/B.swift")
        let three = file("import CZlib", "Sources/Systems/Crypto/C.swift")
        let four = file("import CYAML", "Sources/Services/Topics/D.swift")
        #expect(Rules.libraryOwners([one, two]) == [])
        #expect(Rules.libraryOwners([one, three]).map(\.message) == ["CZlib is imported by Deflate and by Crypto"])
        #expect(Rules.libraryOwners([four]).count == 1)
    }

    @Test func blankingKeepsLinesAndColumns() {
        let text =
            "let a = \"b \\(c(\"}\")) d\" /* { /* } */ \n { */ + #\"\\(x) \"\"#\nlet e = \"\"\"\n  { \\\" }\n  \"\"\" {"
        let blank = SourceBlanker.blank(text)
        #expect(blank.count == text.count)
        #expect(blank.filter { "{}".contains($0) } == "{")
        #expect(blank.split(separator: "\n", omittingEmptySubsequences: false).count == 5)
    }
}
