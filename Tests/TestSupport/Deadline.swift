import Glibc

/// A moment until which a test waits for a condition; it never waits for a while.
package struct Deadline: Sendable {
    private let nanoseconds: UInt64

    /// The moment `seconds` from now.
    package init(seconds: Double) {
        nanoseconds = Self.now &+ UInt64(max(0, seconds) * 1e9)
    }

    /// Whether it has passed.
    package var isOver: Bool { Self.now >= nanoseconds }

    /// What is left, at least 0.
    package var millisecondsLeft: Int32 {
        let now = Self.now
        return now >= nanoseconds ? 0 : Int32(clamping: (nanoseconds - now) / 1_000_000 + 1)
    }

    /// Looks every few milliseconds whether `condition` holds; false when it did not within `seconds`.
    package static func wait(
        seconds: Double, everyMilliseconds: Int32 = 5, until condition: () throws -> Bool
    ) rethrows -> Bool {
        let deadline = Self(seconds: seconds)
        while !(try condition()) {
            if deadline.isOver { return try condition() }
            poll(nil, 0, min(everyMilliseconds, max(deadline.millisecondsLeft, 1)))
        }
        return true
    }

    /// The monotonic clock in nanoseconds.
    package static var now: UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec)
    }
}
