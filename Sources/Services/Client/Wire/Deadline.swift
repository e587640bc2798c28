internal import Linux

/// A moment until which something is waited for.
struct Deadline {
    private let nanoseconds: UInt64

    init(milliseconds: Int) {
        nanoseconds = SystemClock.monotonicNanoseconds() &+ UInt64(max(0, milliseconds)) &* 1_000_000
    }

    /// Rounded up, so that a wait of that length ends behind the deadline.
    var millisecondsLeft: Int {
        let now = SystemClock.monotonicNanoseconds()
        return now >= nanoseconds ? 0 : Int((nanoseconds - now + 999_999) / 1_000_000)
    }

    var isOver: Bool { millisecondsLeft == 0 }
}
