/// What a bench says: a mark, when it was sent, and letters up to the wanted length.
enum BenchText {
    /// No name, id or time of an event has it.
    static let mark = UInt8(ascii: "@")

    /// Appends a text of `count` octets (at least 24) that says `nanoseconds`.
    static func append(nanoseconds: UInt64, count: Int, to bytes: inout [UInt8]) {
        let end = bytes.count + max(24, count)
        bytes.append(mark)
        append(decimal: nanoseconds, to: &bytes)
        bytes.append(UInt8(ascii: " "))
        while bytes.count < end { bytes.append(UInt8(ascii: "x")) }
    }

    /// When a text was sent; nil where it is not of a bench.
    static func sentNanoseconds(_ text: UnsafeRawBufferPointer) -> UInt64? {
        guard text.first == mark else { return nil }
        var value: UInt64 = 0
        for octet in text.dropFirst() {
            guard octet >= 48, octet <= 57 else { return octet == UInt8(ascii: " ") ? value : nil }
            value = value &* 10 &+ UInt64(octet - 48)
        }
        return nil
    }

    /// A number in decimal digits and nothing else.
    static func number(_ text: UnsafeRawBufferPointer) -> Int? {
        guard !text.isEmpty, text.count <= 18 else { return nil }
        var value = 0
        for octet in text {
            guard octet >= 48, octet <= 57 else { return nil }
            value = value * 10 + Int(octet - 48)
        }
        return value
    }

    /// Appends a number in decimal digits.
    static func append(decimal number: UInt64, to bytes: inout [UInt8]) {
        let start = bytes.count
        var rest = number
        repeat {
            bytes.append(UInt8(rest % 10) + 48)
            rest /= 10
        } while rest > 0
        bytes[start...].reverse()
    }
}
