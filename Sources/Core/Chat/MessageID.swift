/// The id of a message: a UUID (RFC 9562), in lower case wherever it is text.
package struct MessageID: Hashable, Sendable, CustomStringConvertible {
    /// The first eight bytes, big-endian.
    package let high: UInt64
    /// The last eight bytes, big-endian.
    package let low: UInt64

    /// The id with these bits.
    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// A version 7 id: 48 bits of time in milliseconds since 1970, and 74 random ones (RFC 9562 §5.7).
    package init(milliseconds: Int64, random: (UInt64, UInt64)) {
        high = UInt64(truncatingIfNeeded: milliseconds) << 16 | 0x7000 | random.0 & 0x0FFF
        low = 0x8000_0000_0000_0000 | random.1 & 0x3FFF_FFFF_FFFF_FFFF
    }

    /// A version 8 id out of the first sixteen bytes of a digest (RFC 9562 §5.8); nil where there are fewer.
    package init?(digest: some Collection<UInt8>) {
        guard let plain = MessageID(bytes: digest.prefix(16)) else { return nil }
        high = plain.high & 0xFFFF_FFFF_FFFF_0FFF | 0x8000
        low = plain.low & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
    }

    /// The id whose sixteen bytes these are, nil for any other number of them.
    package init?(bytes: some Collection<UInt8>) {
        guard bytes.count == 16 else { return nil }
        high = bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
        low = bytes.suffix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// The id written as `8-4-4-4-12` hexadecimal digits, in either case; nil for anything else.
    package init?(_ text: String) {
        var text = text
        guard let id = text.withUTF8({ MessageID(ascii: UnsafeRawBufferPointer($0)) }) else { return nil }
        self = id
    }

    /// The id written as `8-4-4-4-12` hexadecimal digits, in either case; nil for anything else.
    package init?(ascii text: UnsafeRawBufferPointer) {
        guard text.count == 36 else { return nil }
        var high: UInt64 = 0
        var low: UInt64 = 0
        var digits = 0
        for (index, byte) in text.enumerated() {
            if index == 8 || index == 13 || index == 18 || index == 23 {
                guard byte == UInt8(ascii: "-") else { return nil }
                continue
            }
            let digit: UInt8
            switch byte {
            case 0x30...0x39: digit = byte - 0x30
            case 0x41...0x46: digit = byte - 0x41 + 10
            case 0x61...0x66: digit = byte - 0x61 + 10
            default: return nil
            }
            if digits < 16 { high = high << 4 | UInt64(digit) } else { low = low << 4 | UInt64(digit) }
            digits += 1
        }
        self.init(high: high, low: low)
    }

    /// The sixteen bytes, big-endian.
    package var bytes: [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(16)
        for shift in stride(from: 56, through: 0, by: -8) { out.append(UInt8(truncatingIfNeeded: high >> shift)) }
        for shift in stride(from: 56, through: 0, by: -8) { out.append(UInt8(truncatingIfNeeded: low >> shift)) }
        return out
    }

    /// The version nibble: 7 made by time, 8 derived from an idempotency key or another id.
    package var version: UInt8 { UInt8(high >> 12 & 15) }

    /// Appends the 36 characters of the id.
    package func write(into out: inout [UInt8]) {
        for index in 0..<32 {
            if index == 8 || index == 12 || index == 16 || index == 20 { out.append(UInt8(ascii: "-")) }
            let word = index < 16 ? high : low
            let digit = UInt8(word >> UInt64(60 - (index & 15) * 4) & 15)
            out.append(digit < 10 ? 0x30 + digit : 0x61 + digit - 10)
        }
    }

    /// The 36 characters of the id, in lower case.
    package var description: String {
        var out: [UInt8] = []
        out.reserveCapacity(36)
        write(into: &out)
        return String(decoding: out, as: UTF8.self)
    }
}

extension MessageID {
    /// What is hashed (SHA-256) into the id of a command that came with an idempotency key, so that the same key of
    /// the same person in the same room is the same message. `scope`: the room, nil for POST /rooms.
    package static func keyInput(scope: RoomID?, userID: String, key: String) -> [UInt8] {
        Array("madang-key|\(scope.map(String.init) ?? "rooms")|\(userID)|\(key)".utf8)
    }

    /// What is hashed (SHA-256) into the id of the `index`th further event (1, 2, …) of one command.
    package func furtherEventInput(index: Int) -> [UInt8] { Array("madang-event|\(self)|\(index)".utf8) }
}
