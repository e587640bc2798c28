/// Checks UTF-8 as it arrives, over any cut (RFC 3629; Unicode 15, table 3-7: no overlong forms, no surrogates, nothing
/// beyond U+10FFFF). A byte that can no longer become valid is refused at once.
struct UTF8Validator {
    /// Continuation bytes that must still come.
    private var pending: UInt8 = 0
    /// The next continuation byte must lie in lower…upper.
    private var lower: UInt8 = 0x80
    private var upper: UInt8 = 0xBF

    /// True between two characters.
    var isComplete: Bool { pending == 0 }

    mutating func reset() {
        pending = 0
        lower = 0x80
        upper = 0xBF
    }

    /// False as soon as the bytes so far begin no valid text.
    mutating func accepts(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard let base = bytes.baseAddress else { return true }
        let count = bytes.count
        var index = 0
        while index < count {
            if pending == 0 {
                index = Self.skipCommon(base, from: index, to: count)
                guard index < count else { break }
            }
            guard step(base.load(fromByteOffset: index, as: UInt8.self)) else { return false }
            index += 1
        }
        return true
    }

    /// Skips ASCII eight at a time and the three-byte characters E1 … EC (most of CJK and Hangul) one at a time.
    private static func skipCommon(_ base: UnsafeRawPointer, from start: Int, to count: Int) -> Int {
        var index = start
        while count - index >= 8 {
            let word = base.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            if word & 0x8080_8080_8080_8080 == 0 {
                index += 8
                continue
            }
            let three = UInt32(truncatingIfNeeded: UInt64(littleEndian: word)) & 0x00FF_FFFF
            // Lead byte E1 … EC, then two continuation bytes.
            guard three & 0x00C0_C0F0 == 0x0080_80E0, three & 0x0F != 0, three & 0x0F <= 0x0C else { break }
            index += 3
        }
        return index
    }

    private mutating func step(_ byte: UInt8) -> Bool {
        if pending > 0 {
            guard byte >= lower && byte <= upper else { return false }
            pending -= 1
            lower = 0x80
            upper = 0xBF
            return true
        }
        switch byte {
        case 0x00...0x7F: return true
        case 0xC2...0xDF: pending = 1
        case 0xE0:
            pending = 2
            lower = 0xA0
        case 0xE1...0xEC, 0xEE, 0xEF: pending = 2
        case 0xED:
            pending = 2
            upper = 0x9F
        case 0xF0:
            pending = 3
            lower = 0x90
        case 0xF1...0xF3: pending = 3
        case 0xF4:
            pending = 3
            upper = 0x8F
        default: return false
        }
        return true
    }
}
