/// The number of a room, from 1.
package typealias RoomID = Int64

/// The number of an event in its room, from 1, without gaps.
package typealias Seq = Int64

/// What a room is for (CONTRACT, Rooms).
package enum RoomKind: String, Sendable, CaseIterable {
    case direct, group, open, announce
}

/// What a member may do in a room.
package enum Role: String, Sendable, CaseIterable {
    case owner, admin, member
}

/// Which request an answer belongs to: the front's boot and a counter of it, `BOOT-UUID:COUNTER`.
package struct CorrelationID: Hashable, Sendable, CustomStringConvertible {
    /// The id of one run of one front.
    package let boot: MessageID
    /// The number of the request in that run.
    package let counter: UInt64

    /// The id of the `counter`th request of `boot`.
    package init(boot: MessageID, counter: UInt64) {
        self.boot = boot
        self.counter = counter
    }

    /// Reads `BOOT-UUID:COUNTER`; nil for anything else.
    package init?(ascii text: UnsafeRawBufferPointer) {
        guard text.count > 37, text[36] == UInt8(ascii: ":"),
            let boot = MessageID(ascii: UnsafeRawBufferPointer(rebasing: text[..<36])),
            let counter = Decimal.unsigned(UnsafeRawBufferPointer(rebasing: text[37...]))
        else { return nil }
        self.init(boot: boot, counter: counter)
    }

    /// `BOOT-UUID:COUNTER`
    package var description: String { "\(boot):\(counter)" }
}

/// Decimal numbers as bytes, without a detour over String.
package enum Decimal {
    /// The number of one to nineteen digits without sign, else nil; beyond 64 bits nil.
    package static func unsigned(_ text: UnsafeRawBufferPointer) -> UInt64? {
        guard !text.isEmpty, text.count <= 19 else { return nil }
        var value: UInt64 = 0
        for byte in text {
            guard byte >= 0x30, byte <= 0x39 else { return nil }
            value = value * 10 + UInt64(byte - 0x30)
        }
        return value
    }

    /// A number from 0 to Int64.max as CONTRACT's ids and seqs are written; nil for anything else.
    package static func natural(_ text: some StringProtocol) -> Int64? {
        var text = String(text)
        return text.withUTF8 { unsigned(UnsafeRawBufferPointer($0)) }.flatMap(Int64.init(exactly:))
    }
}
