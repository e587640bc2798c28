import CLinux
import Glibc

/// The system's clocks.
package enum SystemClock {
    /// Milliseconds since 1970 (CLOCK_REALTIME); it may jump.
    package static func wallMilliseconds() -> Int64 {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        return Int64(now.tv_sec) * 1000 + Int64(now.tv_nsec) / 1_000_000
    }

    /// Nanoseconds since some start (CLOCK_MONOTONIC); for deadlines and durations.
    package static func monotonicNanoseconds() -> UInt64 {
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        return UInt64(now.tv_sec) * 1_000_000_000 + UInt64(now.tv_nsec)
    }

    /// Nanoseconds of CPU this thread has used.
    package static func threadCPUNanoseconds() -> UInt64 {
        var now = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now)
        return UInt64(now.tv_sec) * 1_000_000_000 + UInt64(now.tv_nsec)
    }

    /// Sleeps for about so many milliseconds; shorter when a signal comes.
    package static func sleep(milliseconds: Int) {
        var time = timespec(tv_sec: milliseconds / 1000, tv_nsec: (milliseconds % 1000) * 1_000_000)
        nanosleep(&time, nil)
    }

    /// Looks every 2 ms whether `condition` holds, and returns whether it did within the time.
    package static func waitUntil(milliseconds: Int, _ condition: () throws -> Bool) rethrows -> Bool {
        let deadline = monotonicNanoseconds() + UInt64(max(0, milliseconds)) * 1_000_000
        var holds = try condition()
        while !holds, monotonicNanoseconds() < deadline {
            sleep(milliseconds: 2)
            holds = try condition()
        }
        return holds
    }
}
