/// Replaces comments and the insides of string literals by spaces; braces of interpolations go with them.
struct SourceBlanker {
    private let source: [Unicode.Scalar]
    private var at = 0
    private var output: [Unicode.Scalar] = []

    /// `text` with the same lines and columns, and code alone.
    static func blank(_ text: String) -> String {
        var blanker = SourceBlanker(source: Array(text.unicodeScalars))
        blanker.run()
        var blank = String.UnicodeScalarView()
        blank.append(contentsOf: blanker.output)
        return String(blank)
    }

    private init(source: [Unicode.Scalar]) {
        self.source = source
        output.reserveCapacity(source.count)
    }

    private mutating func run() {
        while at < source.count {
            let scalar = source[at]
            if scalar != "/", scalar != "\"", scalar != "#" {
                output.append(scalar)
                at += 1
            } else if starts("//") {
                while at < source.count, source[at] != "\n" { hide() }
            } else if starts("/*") {
                blockComment()
            } else if let literal = stringStart() {
                string(literal)
            } else {
                output.append(source[at])
                at += 1
            }
        }
    }

    private struct Literal {
        let pounds: Int
        let isMultiline: Bool
    }

    private func starts(_ word: String) -> Bool {
        var index = at
        for character in word.unicodeScalars {
            guard index < source.count, source[index] == character else { return false }
            index += 1
        }
        return true
    }

    private mutating func hide(_ count: Int = 1) {
        for _ in 0..<count where at < source.count {
            output.append(source[at] == "\n" ? "\n" : " ")
            at += 1
        }
    }

    private mutating func blockComment() {
        var depth = 0
        repeat {
            if starts("/*") {
                depth += 1
                hide(2)
            } else if starts("*/") {
                depth -= 1
                hide(2)
            } else {
                hide()
            }
        } while depth > 0 && at < source.count
    }

    private func stringStart() -> Literal? {
        var index = at
        while index < source.count, source[index] == "#" { index += 1 }
        guard index < source.count, source[index] == "\"" else { return nil }
        let isMultiline = index + 2 < source.count && source[index + 1] == "\"" && source[index + 2] == "\""
        return Literal(pounds: index - at, isMultiline: isMultiline)
    }

    private mutating func string(_ literal: Literal) {
        let pounds = String(repeating: "#", count: literal.pounds)
        let end = (literal.isMultiline ? "\"\"\"" : "\"") + pounds
        let escape = "\\" + pounds
        let interpolationStart = escape + "("
        hide(end.count)
        while at < source.count {
            let scalar = source[at]
            if scalar != "\"", scalar != "\\", scalar != "\n" {
                hide()
            } else if starts(end) {
                break
            } else if starts(interpolationStart) {
                hide(escape.count + 1)
                interpolation()
            } else if starts(escape) {
                hide(escape.count + 1)
            } else if !literal.isMultiline, source[at] == "\n" {
                return
            } else {
                hide()
            }
        }
        hide(end.count)
    }

    private mutating func interpolation() {
        var depth = 1
        while at < source.count, depth > 0 {
            if let literal = stringStart() {
                string(literal)
                continue
            }
            if source[at] == "(" { depth += 1 }
            if source[at] == ")" { depth -= 1 }
            hide()
        }
    }
}
