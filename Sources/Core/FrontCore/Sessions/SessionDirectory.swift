package import Chat

/// What this reactor knows about sessions.
struct SessionDirectory {
    /// Sessions kept at the most, of each kind. What is forgotten is asked again.
    static let entriesMax = 200_000

    /// Sessions a backend has called living, since this front started.
    private var living = RecentEntries<MessageID, Living>(entriesMax: entriesMax)
    /// Sessions that ended. A backend knows them too; here they outrun an answer "living" that was on its way.
    private var ended = RecentEntries<MessageID, Bool>(entriesMax: entriesMax)
    private var asking: [MessageID: [SessionCompletion]] = [:]

    private struct Living {
        let person: Person
        /// When a backend was asked last, in monotonic milliseconds.
        var askedMilliseconds: Int64
    }

    /// What is known about a session.
    enum State {
        case living(Person)
        case ended
        case unknown
    }

    /// What is known about `sessionID`.
    mutating func state(_ sessionID: MessageID) -> State {
        if ended.look(sessionID) != nil { return .ended }
        return living.look(sessionID).map { .living($0.person) } ?? .unknown
    }

    /// Notes a living session; `now` is monotonic, in milliseconds.
    mutating func begin(_ sessionID: MessageID, _ person: Person, now: Int64) {
        if ended.look(sessionID) == nil { living.set(sessionID, Living(person: person, askedMilliseconds: now)) }
    }

    /// Whether a living session was not asked about for `milliseconds`; it counts as asked about from then on.
    mutating func isStale(_ sessionID: MessageID, now: Int64, milliseconds: Int64) -> Bool {
        guard var entry = living.look(sessionID), now - entry.askedMilliseconds >= milliseconds else { return false }
        entry.askedMilliseconds = now
        living.set(sessionID, entry)
        return true
    }

    /// Notes the end of a session.
    mutating func end(_ sessionID: MessageID) {
        living.remove(sessionID)
        ended.set(sessionID, true)
    }

    /// Notes who waits for the answer about a session; true for the first, who must ask.
    mutating func wait(_ sessionID: MessageID, _ completion: @escaping SessionCompletion) -> Bool {
        asking[sessionID, default: []].append(completion)
        return asking[sessionID]?.count == 1
    }

    /// Takes those who wait for the answer about a session.
    mutating func takeWaiting(_ sessionID: MessageID) -> [SessionCompletion] {
        asking.removeValue(forKey: sessionID) ?? []
    }
}

/// What to do when it is known whose session it is, or why not.
package typealias SessionCompletion = (Result<Person, ChatError>) -> Void
