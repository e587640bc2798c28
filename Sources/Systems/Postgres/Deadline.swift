import Glibc

/// A point on the monotonic clock at which a wait is given up.
struct Deadline {
    private let nanoseconds: UInt64

    /// `milliseconds` from now.
    static func after(milliseconds: Int) -> Deadline {
        Deadline(nanoseconds: now() &+ UInt64(max(0, milliseconds)) &* 1_000_000)
    }

    /// What is left for poll(2), rounded up so that a wait never ends early; 0 once passed.
    var remainingMilliseconds: Int32 {
        let now = Self.now()
        guard now < nanoseconds else { return 0 }
        return Int32(clamping: (nanoseconds &- now &+ 999_999) / 1_000_000)
    }

    private static func now() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec)
    }
}
