import Chat

extension FrontNode {
    /// Asks whether a backend is there; `backendSeenMilliseconds` moves when one answers.
    package func ping() {
        ask(.question(.ping), asker: settings.frontID, waitMilliseconds: settings.questionMilliseconds) {
            [unowned self] result in
            if case .success = result { backendSeenMilliseconds = clock.monotonicMilliseconds }
        }
    }

    /// Requests that wait for an answer.
    package var pendingCount: Int { pending.count }

    /// Rooms with subscribers here, or kept for those who come back.
    package var roomCount: Int { rooms.count }

    /// Facts were lost before they could be read: every room asks history for what came since.
    package func lostFacts() {
        for room in rooms.values where room.cursor != nil { fillGap(room) }
    }
}
