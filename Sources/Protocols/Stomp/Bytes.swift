// Scanning of raw octets, eight at a time where it pays; this floor has no memchr.

/// Whether `bytes` are exactly the octets of `text`.
@inline(__always)
func bytesEqual(_ bytes: UnsafeRawBufferPointer, _ text: StaticString) -> Bool {
    let count = text.utf8CodeUnitCount
    guard bytes.count == count else { return false }
    let other = text.utf8Start
    for index in 0..<count where bytes[index] != other[index] { return false }
    return true
}

/// `bytes` without the spaces at both ends.
func trimmingSpaces(_ bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    var start = 0
    var end = bytes.count
    while start < end, bytes[start] == UInt8(ascii: " ") { start += 1 }
    while end > start, bytes[end - 1] == UInt8(ascii: " ") { end -= 1 }
    return UnsafeRawBufferPointer(rebasing: bytes[start..<end])
}

/// The value of the decimal digits `bytes`; nil where there is anything else, or none. Beyond Int: `Int.max`.
func decimal(_ bytes: UnsafeRawBufferPointer) -> Int? {
    guard !bytes.isEmpty else { return nil }
    var value = 0
    var overflowed = false
    for byte in bytes {
        let digit = byte &- UInt8(ascii: "0")
        guard digit <= 9 else { return nil }
        let (product, over1) = value.multipliedReportingOverflow(by: 10)
        let (sum, over2) = product.addingReportingOverflow(Int(digit))
        overflowed = overflowed || over1 || over2
        value = sum
    }
    return overflowed ? Int.max : value
}

private let ones: UInt64 = 0x0101_0101_0101_0101
private let highs: UInt64 = 0x8080_8080_8080_8080

/// A word whose lowest set high bit marks the first octet of `word` that is zero.
@inline(__always)
private func zeroOctets(_ word: UInt64) -> UInt64 { (word &- ones) & ~word & highs }

/// The index of the first octet of `bytes` from `start` on that is `byte`; `bytes.count` where there is none.
@inline(__always)
func index(of byte: UInt8, in bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
    let pattern = ones &* UInt64(byte)
    let count = bytes.count
    var position = start
    while position &+ 8 <= count {
        let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self))
        let found = zeroOctets(word ^ pattern)
        if found != 0 { return position &+ found.trailingZeroBitCount / 8 }
        position &+= 8
    }
    while position < count, bytes[position] != byte { position &+= 1 }
    return position
}

/// The index of the first line feed or NULL octet from `start` on; `bytes.count` where there is none.
@inline(__always)
func indexOfLineEnd(in bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
    let pattern = ones &* UInt64(10)
    let count = bytes.count
    var position = start
    while position &+ 8 <= count {
        let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self))
        let found = zeroOctets(word ^ pattern) | zeroOctets(word)
        if found != 0 { return position &+ found.trailingZeroBitCount / 8 }
        position &+= 8
    }
    while position < count, bytes[position] != 10, bytes[position] != 0 { position &+= 1 }
    return position
}

/// Whether `bytes` are well-formed UTF-8 (Unicode 15, table 3-7).
func isUTF8(_ bytes: UnsafeRawBufferPointer) -> Bool {
    let count = bytes.count
    var position = 0
    while position < count {
        if position &+ 8 <= count, bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self) & highs == 0 {
            position &+= 8
            continue
        }
        let lead = bytes[position]
        if lead < 0x80 {
            position &+= 1
            continue
        }
        let more: Int
        var range: ClosedRange<UInt8> = 0x80...0xBF
        switch lead {
        case 0xC2...0xDF: more = 1
        case 0xE0: (more, range) = (2, 0xA0...0xBF)
        case 0xE1...0xEC, 0xEE...0xEF: more = 2
        case 0xED: (more, range) = (2, 0x80...0x9F)
        case 0xF0: (more, range) = (3, 0x90...0xBF)
        case 0xF1...0xF3: more = 3
        case 0xF4: (more, range) = (3, 0x80...0x8F)
        default: return false
        }
        guard position &+ more < count, range.contains(bytes[position &+ 1]) else { return false }
        for offset in 2..<max(2, more &+ 1) where bytes[position &+ offset] & 0xC0 != 0x80 { return false }
        position &+= more &+ 1
    }
    return true
}

/// Calls `use` with the octets of `bytes`, without a copy where they lie in one piece.
@inline(__always)
func withOctets<Result>(of bytes: some Collection<UInt8>, _ use: (UnsafeRawBufferPointer) -> Result) -> Result {
    if let result = bytes.withContiguousStorageIfAvailable({ use(UnsafeRawBufferPointer($0)) }) { return result }
    return [UInt8](bytes).withUnsafeBytes { use($0) }
}
