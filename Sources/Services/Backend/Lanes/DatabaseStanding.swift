/// Whether the database is used, and when to try it again (GUARANTEES, rule 12): soon at first, then at most every 2 s;
/// after what only a person can mend every 10 s.
struct DatabaseStanding: Sendable, Equatable {
    static let firstWaitMilliseconds: UInt64 = 50
    static let waitMillisecondsMax: UInt64 = 2_000
    static let stopWaitMilliseconds: UInt64 = 10_000

    /// Why it is not used; nil where it is.
    private(set) var trouble: String?
    private(set) var retryAt: UInt64 = 0
    private var waitMilliseconds = firstWaitMilliseconds

    var isThere: Bool { trouble == nil }

    /// Nothing was tried yet.
    init() { trouble = "not connected yet" }

    mutating func failed(_ why: String, isRetriable: Bool, now: UInt64) {
        trouble = why
        let wait = isRetriable ? waitMilliseconds : Self.stopWaitMilliseconds
        retryAt = now + wait * 1_000_000
        waitMilliseconds = min(waitMilliseconds * 2, Self.waitMillisecondsMax)
    }

    mutating func succeeded() {
        trouble = nil
        waitMilliseconds = Self.firstWaitMilliseconds
    }
}
