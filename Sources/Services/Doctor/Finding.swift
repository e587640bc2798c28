/// What one look of the doctor found.
package struct Finding: Sendable, Equatable {
    /// How it stands.
    package enum State: String, Sendable {
        case good = "ok"
        /// Works, but may not for long, or not as well.
        case doubtful = "warning"
        /// Will not work.
        case bad = "bad"
    }

    /// What was looked at: `kafka`, `schema`.
    package let subject: String
    package let state: State
    /// What was found.
    package let words: String
    /// How to mend it; nil where it is good.
    package let remedy: String?

    /// Good.
    static func good(_ subject: String, _ words: String) -> Finding {
        Finding(subject: subject, state: .good, words: words, remedy: nil)
    }

    /// Doubtful.
    static func doubtful(_ subject: String, _ words: String, _ remedy: String) -> Finding {
        Finding(subject: subject, state: .doubtful, words: words, remedy: remedy)
    }

    /// Bad.
    static func bad(_ subject: String, _ words: String, _ remedy: String) -> Finding {
        Finding(subject: subject, state: .bad, words: words, remedy: remedy)
    }

    /// `ok       kafka: 3 brokers`, and the remedy in a second line.
    package var text: String {
        let label = state.rawValue + String(repeating: " ", count: 9 - state.rawValue.count)
        return "\(label)\(subject): \(words)" + (remedy.map { "\n         → \($0)" } ?? "")
    }
}
