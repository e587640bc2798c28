/// Where the parts of a JSON text stand, found by their quotes and brackets alone. For text of our own making that is
/// to be passed on byte for byte; what stands inside the parts is not checked.
package struct JSONSlices {
    private let bytes: UnsafeRawBufferPointer
    private var at: Int

    private init(_ bytes: UnsafeRawBufferPointer, at: Int) {
        self.bytes = bytes
        self.at = at
    }

    /// The members of the object that `bytes` is: the name as written between its quotes, and where the value stands.
    /// nil where `bytes` is no object.
    package static func members(of bytes: UnsafeRawBufferPointer) -> [(name: String, value: Range<Int>)]? {
        var slices = JSONSlices(bytes, at: 0)
        guard slices.opens(UInt8(ascii: "{")) else { return nil }
        var found: [(String, Range<Int>)] = []
        var more = !slices.closes(UInt8(ascii: "}"))
        while more {
            guard let name = slices.skipValue(), name.count >= 2, bytes[name.lowerBound] == UInt8(ascii: "\""),
                slices.opens(UInt8(ascii: ":")), let value = slices.skipValue()
            else { return nil }
            let text = bytes[name.dropFirst().dropLast()]
            found.append((String(decoding: text, as: UTF8.self), value))
            more = slices.opens(UInt8(ascii: ","))
            if !more, !slices.closes(UInt8(ascii: "}")) { return nil }
        }
        return slices.isAtEnd ? found : nil
    }

    /// Where the elements of the array stand that `bytes` has at `range`; nil where there is no array.
    package static func elements(of bytes: UnsafeRawBufferPointer, in range: Range<Int>) -> [Range<Int>]? {
        guard range.lowerBound >= 0, range.upperBound <= bytes.count else { return nil }
        let part = UnsafeRawBufferPointer(rebasing: bytes[range])
        var slices = JSONSlices(part, at: 0)
        guard slices.opens(UInt8(ascii: "[")) else { return nil }
        var found: [Range<Int>] = []
        var more = !slices.closes(UInt8(ascii: "]"))
        while more {
            guard let element = slices.skipValue() else { return nil }
            found.append(element.lowerBound + range.lowerBound..<element.upperBound + range.lowerBound)
            more = slices.opens(UInt8(ascii: ","))
            if !more, !slices.closes(UInt8(ascii: "]")) { return nil }
        }
        return slices.isAtEnd ? found : nil
    }

    private var isAtEnd: Bool {
        mutating get {
            skipSpace()
            return at == bytes.count
        }
    }

    private mutating func skipSpace() {
        while at < bytes.count, bytes[at] == 0x20 || bytes[at] == 0x0A || bytes[at] == 0x0D || bytes[at] == 0x09 {
            at += 1
        }
    }

    private mutating func opens(_ mark: UInt8) -> Bool {
        skipSpace()
        guard at < bytes.count, bytes[at] == mark else { return false }
        at += 1
        return true
    }

    private mutating func closes(_ mark: UInt8) -> Bool { opens(mark) }

    /// Steps over one value and tells where it stood; nil where there is none, or it does not end.
    private mutating func skipValue() -> Range<Int>? {
        skipSpace()
        let start = at
        guard at < bytes.count else { return nil }
        switch bytes[at] {
        case UInt8(ascii: "\""): return skipString() ? start..<at : nil
        case UInt8(ascii: "{"), UInt8(ascii: "["): return skipNested() ? start..<at : nil
        default:
            while at < bytes.count, !isDelimiter(bytes[at]) { at += 1 }
            return at > start ? start..<at : nil
        }
    }

    private mutating func skipString() -> Bool {
        at += 1
        while at < bytes.count {
            let byte = bytes[at]
            at += byte == UInt8(ascii: "\\") ? 2 : 1
            if byte == UInt8(ascii: "\"") { return true }
        }
        return false
    }

    private mutating func skipNested() -> Bool {
        var depth = 0
        while at < bytes.count {
            switch bytes[at] {
            case UInt8(ascii: "\""):
                guard skipString() else { return false }
                continue
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
            default: break
            }
            at += 1
            if depth == 0 { return true }
        }
        return false
    }

    private func isDelimiter(_ byte: UInt8) -> Bool {
        byte <= 0x20 || byte == UInt8(ascii: ",") || byte == UInt8(ascii: ":") || byte == UInt8(ascii: "]")
            || byte == UInt8(ascii: "}")
    }
}
