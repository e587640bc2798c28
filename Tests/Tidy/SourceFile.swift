/// A Swift file as it is, and with its comments and strings blanked, so that a rule sees code alone.
struct SourceFile: Sendable {
    /// Relative to the package's root.
    let path: String
    /// As written, without line ends.
    let lines: [Substring]
    /// The same number of lines; comments and the insides of strings are spaces.
    let code: [Substring]

    init(path: String, text: String) {
        self.path = path
        lines = Self.lines(of: text)
        code = Self.lines(of: SourceBlanker.blank(text))
    }

    /// `Sources/FLOOR/ROOM/…` → FLOOR; nil elsewhere.
    var floor: Substring? {
        let parts = path.split(separator: "/")
        return parts.count > 3 && parts[0] == "Sources" ? parts[1] : nil
    }

    /// The target it belongs to: its room, the executable's folder, or its folder under Tests.
    var target: Substring? {
        let parts = path.split(separator: "/")
        guard parts.count > 2 else { return nil }
        return parts[0] == "Sources" && parts.count > 3 ? parts[2] : parts[1]
    }

    private static func lines(of text: String) -> [Substring] {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        if lines.last == "" { lines.removeLast() }
        return lines
    }
}

/// What a rule found.
struct Finding: Equatable, CustomStringConvertible {
    let path: String
    let line: Int
    let message: String

    var description: String { "\(path):\(line): \(message)" }
}
