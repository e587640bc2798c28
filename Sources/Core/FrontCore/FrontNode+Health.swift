import Chat

extension FrontNode {
    /// Asks whether a backend is there; `backendSeenMilliseconds` moves when one answers.
    package func ping() {
        ask(.question(.ping), asker: settings.frontID, waitMilliseconds: settings.questionMilliseconds) {
            [unowned self] result in
            if case .success = result { backendSeenMilliseconds = clock.monotonicMilliseconds }
        }
    }

    /// Facts were lost before they could be read: every room asks history for what came since.
    package func lostFacts() {
        for room in rooms.values where room.cursor != nil { fillGap(room) }
    }
}
