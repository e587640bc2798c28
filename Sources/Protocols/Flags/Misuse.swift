/// A command line that is not understood: one line that says what was wrong and what is accepted.
package struct Misuse: Error, Equatable, CustomStringConvertible {
    /// The line, without an end.
    package let description: String

    /// A misuse that `description` explains.
    package init(_ description: String) { self.description = description }

    /// A person's text in quotes, short, and without anything that would end the line.
    static func quoted(_ text: String) -> String {
        let shown = text.unicodeScalars.prefix(80).map { scalar in
            scalar.properties.generalCategory == .control || scalar.value == 0x2028 || scalar.value == 0x2029
                ? "\\u{\(String(scalar.value, radix: 16))}" : String(scalar)
        }
        return "'" + shown.joined() + (text.unicodeScalars.count > 80 ? "…" : "") + "'"
    }

    /// ` (did you mean WORD?)` where one of `words` is close to what was written, else nothing.
    static func suggestion(for written: String, among words: [String], prefix: String = "") -> String {
        let allowed = written.count < 4 ? 1 : 2
        let near = words.map { (word: $0, edits: edits(from: Array(written), to: Array($0))) }
            .filter { $0.edits <= allowed || ($0.word.hasPrefix(written) && written.count >= 3) }
            .min { $0.edits < $1.edits }
        return near.map { " (did you mean \(prefix)\($0.word)?)" } ?? ""
    }

    /// How many letters must be put in, left out, changed or swapped with their neighbour (Damerau–Levenshtein).
    static func edits(from first: [Character], to second: [Character]) -> Int {
        var before: [Int] = []
        var previous = Array(0...second.count)
        for row in first.indices {
            var current = [row + 1]
            for column in second.indices {
                let changed = previous[column] + (first[row] == second[column] ? 0 : 1)
                var best = min(changed, previous[column + 1] + 1, current[column] + 1)
                if row > 0, column > 0, first[row] == second[column - 1], first[row - 1] == second[column] {
                    best = min(best, before[column - 1] + 1)
                }
                current.append(best)
            }
            before = previous
            previous = current
        }
        return previous[second.count]
    }
}
