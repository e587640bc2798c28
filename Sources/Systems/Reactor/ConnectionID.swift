/// Names a connection of one reactor. It is never used again for another one, though slots and descriptors are:
/// whoever holds an old id reaches nobody.
package struct ConnectionID: Hashable, Sendable {
    /// The slot in the low half, its generation in the high one.
    package let rawValue: UInt64

    /// Takes back what `rawValue` gave.
    package init(rawValue: UInt64) { self.rawValue = rawValue }

    init(slot: UInt32, generation: UInt32) { rawValue = UInt64(generation) << 32 | UInt64(slot) }

    var slot: UInt32 { UInt32(truncatingIfNeeded: rawValue) }
    var generation: UInt32 { UInt32(truncatingIfNeeded: rawValue >> 32) }
}

/// Why a connection has ended.
package enum CloseReason: Sendable, Equatable {
    /// The owner closed it.
    case owner
    /// The other side closed it.
    case peer
    /// The socket failed with this `errno`.
    case failed(Int32)
    /// Its output did not drain.
    case tooSlow
    /// It sent more than anyone may without ending a frame.
    case inputTooLarge
    /// The reactor ended.
    case stopped
}

/// Why output of a connection stands still.
package enum BlockedOutput: Sendable, Equatable {
    /// More bytes wait than `outputBytesMax`.
    case tooMuch
    /// Nothing has gone out for `stalledMilliseconds`.
    case stalled
}

/// Bytes that stay where they are until the turn's end, to be sent to many.
package struct TurnSlice {
    let base: UnsafeRawPointer
    let turn: UInt64
    /// The number of bytes.
    package let count: Int
}
