/// What a flag takes: how its value is written and read.
package struct ValueKind<Value: Sendable>: Sendable {
    /// What help calls the value; nil for a switch.
    package let placeholder: String?
    /// What is accepted, as a message says it.
    package let accepted: String
    /// Whether the value names a file that must be there.
    package let isFile: Bool
    /// The value of a text, or nil where it is not accepted.
    package let read: @Sendable (String) -> Value?

    /// A kind of value that help calls `placeholder`, and `read` understands.
    package init(
        _ placeholder: String?, accepted: String, isFile: Bool = false, read: @escaping @Sendable (String) -> Value?
    ) {
        self.placeholder = placeholder
        self.accepted = accepted
        self.isFile = isFile
        self.read = read
    }
}

extension ValueKind<String> {
    /// Any text that is not empty.
    package static func text(_ placeholder: String, such example: String) -> Self {
        Self(placeholder, accepted: "\(placeholder), such as \(example),") { $0.isEmpty ? nil : $0 }
    }

    /// A file that must be there.
    package static let file = Self("FILE", accepted: "the path of a file that is there", isFile: true) {
        $0.isEmpty ? nil : $0
    }

    /// A folder, which is made where it is missing.
    package static let folder = Self("DIR", accepted: "the path of a folder") { $0.isEmpty ? nil : $0 }

    /// A PostgreSQL connection URI.
    package static let postgresURI = Self(
        "URI", accepted: "a URI such as postgresql://madang@127.0.0.1:5432/madang"
    ) {
        ($0.hasPrefix("postgresql://") || $0.hasPrefix("postgres://")) && !$0.contains(" ") ? $0 : nil
    }

    /// A URL whose scheme is one of `schemes`.
    package static func url(_ schemes: [String]) -> Self {
        Self("URL", accepted: "a URL that begins with " + schemes.map { $0 + "://" }.joined(separator: " or ")) {
            text in
            let plausible = !text.contains(where: { $0.isWhitespace })
            return plausible && schemes.contains { text.hasPrefix($0 + "://") && text.utf8.count > $0.utf8.count + 3 }
                ? text : nil
        }
    }

    /// One of a few words.
    package static func choice(_ placeholder: String, _ words: [String]) -> Self {
        Self(placeholder, accepted: "one of " + words.joined(separator: ", ")) { words.contains($0) ? $0 : nil }
    }

    /// A Kafka bootstrap list, `HOST:PORT` or several joined by commas, as it is handed to librdkafka.
    package static let bootstrap = Self("BOOTSTRAP", accepted: "HOST:PORT, or several joined by commas,") { text in
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        return parts.allSatisfy { HostPort(String($0)).map { $0.port > 0 } ?? false } ? text : nil
    }
}

extension ValueKind<HostPort> {
    /// Where a server listens; port 0 lets the system choose one.
    package static let address = Self("HOST:PORT", accepted: "HOST:PORT, such as 127.0.0.1:8081,", read: HostPort.init)
}

extension ValueKind<[HostPort]> {
    /// Several servers.
    package static let addresses = Self("LIST", accepted: "HOST:PORT, or several joined by commas,") { text in
        let parts = text.split(separator: ",", omittingEmptySubsequences: false).map { HostPort(String($0)) }
        let addresses = parts.compactMap(\.self).filter { $0.port > 0 }
        return addresses.count == parts.count ? addresses : nil
    }
}

extension ValueKind<Int> {
    /// A whole number within `range`, written in decimal digits.
    package static func number(_ range: ClosedRange<Int>, unit: String? = nil) -> Self {
        let upper = range.upperBound == .max ? "" : " to \(range.upperBound)"
        let words = "a whole number\(unit.map { " of \($0)" } ?? "") from \(range.lowerBound)\(upper)"
        return Self("N", accepted: words) { text in
            guard !text.isEmpty, text.utf8.allSatisfy({ $0 >= 48 && $0 <= 57 }), let number = Int(text),
                range.contains(number)
            else { return nil }
            return number
        }
    }
}

extension ValueKind<Bool> {
    /// Needs no value; `=true` and `=false` are understood, and are what the environment says.
    package static let `switch` = Self(nil, accepted: "true or false") { text in
        switch text {
        case "true", "1", "yes", "on": true
        case "false", "0", "no", "off": false
        default: nil
        }
    }
}

extension ValueKind<[String]> {
    /// Words joined by commas; spaces around them do not count.
    package static func list(_ accepted: String) -> Self {
        Self("LIST", accepted: "a list joined by commas, such as \(accepted),", read: words)
    }

    /// Some of a few words, joined by commas.
    package static func choices(_ known: [String]) -> Self {
        Self("LIST", accepted: "a list joined by commas of " + known.joined(separator: ", ")) { text in
            words(text).flatMap { words in words.allSatisfy(known.contains) ? words : nil }
        }
    }

    private static func words(_ text: String) -> [String]? {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false).map { part in
            let start = part.drop { $0 == " " }
            return String(start.reversed().drop { $0 == " " }.reversed())
        }
        return parts.contains("") ? nil : parts
    }
}
