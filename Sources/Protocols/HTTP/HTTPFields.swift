/// The header fields of one message, in the order they came, in one piece of memory.
package struct HTTPFields: Sendable {
    struct Entry: Sendable {
        var name: Range<Int>
        var value: Range<Int>
    }

    /// Names are in small letters here.
    private let bytes: [UInt8]
    private let entries: [Entry]

    init(bytes: [UInt8] = [], entries: [Entry] = []) {
        self.bytes = bytes
        self.entries = entries
    }

    /// How many field lines there are.
    package var count: Int { entries.count }

    /// The value of the first field line with this name, nil where there is none. `name` in small letters. Octets
    /// that are not UTF-8 are replaced by U+FFFD.
    package subscript(name: String) -> String? {
        var name = name
        return name.withUTF8 { name in
            for entry in entries where matches(entry, name) {
                return String(decoding: bytes[entry.value], as: UTF8.self)
            }
            return nil
        }
    }

    /// The values of all field lines with this name (in small letters), in order.
    package func all(_ name: String) -> [String] {
        var name = name
        return name.withUTF8 { name in
            entries.filter { matches($0, name) }.map { String(decoding: bytes[$0.value], as: UTF8.self) }
        }
    }

    /// The elements of a comma-separated list over all its field lines, without white space around them; empty ones are
    /// left out (RFC 9110 §5.6.1.2). `name` in small letters.
    package func list(_ name: String) -> [String] {
        all(name).flatMap { $0.utf8.split(separator: HTTPByte.comma) }.compactMap { element in
            let trimmed = element.drop(while: HTTPByte.isSpace).reversed().drop(while: HTTPByte.isSpace).reversed()
            return trimmed.isEmpty ? nil : String(decoding: trimmed, as: UTF8.self)
        }
    }

    /// True if the list holds `token`, in any case. Both in small letters.
    package func list(_ name: String, contains token: String) -> Bool {
        list(name).contains { $0.utf8.elementsEqual(token.utf8) { HTTPByte.lowercased($0) == $1 } }
    }

    /// All field lines in order, names in small letters.
    package var pairs: [(name: String, value: String)] {
        entries.map {
            (String(decoding: bytes[$0.name], as: UTF8.self), String(decoding: bytes[$0.value], as: UTF8.self))
        }
    }

    private func matches(_ entry: Entry, _ name: UnsafeBufferPointer<UInt8>) -> Bool {
        entry.name.count == name.count && bytes[entry.name].elementsEqual(name)
    }
}
