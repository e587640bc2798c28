import Chat

/// Wrong passwords of the last minute by person, known or not (`--rate-login`). An attempt counts until it turns out
/// not to be wrong, so that many at once do not slip through.
struct LoginLimiter {
    /// People whose attempts are kept at the most. Each attempt costs this front a PBKDF2, so one minute never sees as
    /// many; should it, the limiter refuses rather than forget.
    static let peopleMax = 100_000
    private static let windowMilliseconds: Int64 = 60_000

    private let attemptsMax: Int
    private var attempts = RecentEntries<String, [Int64]>(entriesMax: 2 * peopleMax)
    private var agedAt: Int64 = 0

    /// Allows `attemptsMax` wrong passwords a minute and person; 0 allows any number.
    init(attemptsMax: Int) { self.attemptsMax = attemptsMax }

    /// Counts an attempt at `now` (monotonic, milliseconds). Throws `rate_limited` where there were too many.
    mutating func begin(_ userID: String, now: Int64) throws(ChatError) {
        guard attemptsMax > 0 else { return }
        // Old entries were last touched a window ago or more: nothing in them counts.
        let elapsed = now - agedAt
        if elapsed >= Self.windowMilliseconds {
            attempts.age()
            if elapsed >= 2 * Self.windowMilliseconds { attempts.age() }
            agedAt = now
        }
        let recent = recent(userID, now: now)
        guard recent.count < attemptsMax, attempts.count < Self.peopleMax else {
            let waits = max(1, (recent.first ?? now) + Self.windowMilliseconds - now)
            throw ChatError(
                .rateLimited, "Too many wrong passwords; wait a little.", retryAfterSeconds: Int((waits + 999) / 1000))
        }
        attempts.set(userID, recent + [now])
    }

    /// Takes back an attempt begun at `began`: the password was right, or nobody could say.
    mutating func takeBack(_ userID: String, began: Int64) {
        guard attemptsMax > 0, var times = attempts.look(userID), let index = times.firstIndex(of: began) else {
            return
        }
        times.remove(at: index)
        if times.isEmpty { attempts.remove(userID) } else { attempts.set(userID, times) }
    }

    private mutating func recent(_ userID: String, now: Int64) -> [Int64] {
        (attempts.look(userID) ?? []).filter { now - $0 < Self.windowMilliseconds }
    }
}
