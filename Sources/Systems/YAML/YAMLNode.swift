/// A value of a YAML document and where it stands.
package struct YAMLNode: Sendable, Equatable {
    /// What there is in YAML's core, without tags and aliases.
    package indirect enum Content: Sendable, Equatable {
        /// A text; `isPlain` where no quotes say that it is one, so it may mean a number, a boolean or null.
        case scalar(String, isPlain: Bool)
        case sequence([YAMLNode])
        /// In the order of the document; no key twice.
        case mapping([YAMLEntry])
    }

    /// What it is.
    package let content: Content
    /// From 1.
    package let line: Int
    /// From 1.
    package let column: Int

    /// The text of a scalar, quoted or not; nil for anything else.
    package var text: String? {
        if case .scalar(let text, _) = content { return text }
        return nil
    }

    /// The number of a plain scalar in decimal digits; nil for anything else.
    package var integer: Int? {
        if case .scalar(let text, isPlain: true) = content { return Int(text) }
        return nil
    }

    /// The entries of a sequence; nil for anything else.
    package var elements: [YAMLNode]? {
        if case .sequence(let elements) = content { return elements }
        return nil
    }

    /// The entries of a mapping; nil for anything else.
    package var entries: [YAMLEntry]? {
        if case .mapping(let entries) = content { return entries }
        return nil
    }

    /// The value of a key of a mapping; nil where there is none.
    package subscript(key: String) -> YAMLNode? { entries?.first { $0.key == key }?.value }
}

/// A key and its value.
package struct YAMLEntry: Sendable, Equatable {
    /// What stands before and after the colon.
    package let key: String
    package let value: YAMLNode
}

/// Why a text is no YAML document, or none that is read here.
package struct YAMLError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What is wrong, in a few words.
    package let message: String
    /// From 1.
    package let line: Int
    /// From 1.
    package let column: Int

    /// `line 3, column 7: …`
    package var description: String { "line \(line), column \(column): \(message)" }

    /// An error at a place.
    package init(_ message: String, line: Int, column: Int) {
        self.message = message
        self.line = line
        self.column = column
    }
}
