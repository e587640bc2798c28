import Chat

/// A SEND that waits for a SUBSCRIBE before it.
struct HeldSend {
    let saying: StompSaying
    let messageID: MessageID
    let pending: PendingSend
}

// Frames of a connection take effect in their order (STOMP 1.2, SUBSCRIBE: "henceforth"): what it says behind a
// SUBSCRIBE comes back on that subscription. So a SEND to a room waits until the room has answered the SUBSCRIBE.
extension FrontNode {
    /// Carries a SEND out, or keeps it while a SUBSCRIBE of its connection to the same room is under way.
    func carryOut(
        _ saying: StompSaying, _ messageID: MessageID, _ pending: PendingSend, on connection: StompConnection
    ) {
        guard !isSubscribing(to: saying.roomID, on: connection) else {
            connection.working().heldSends.append(
                HeldSend(saying: saying, messageID: messageID, pending: pending))
            balance(connection)
            return
        }
        switch saying {
        case .say(let message): say(message, messageID, pending, on: connection)
        case .enter(let roomID): enter(roomID, messageID, pending, on: connection)
        case .read(let roomID, let seq): moveRead(roomID, seq, messageID, pending, on: connection)
        }
    }

    private func isSubscribing(to roomID: RoomID, on connection: StompConnection) -> Bool {
        guard let work = connection.work, !work.subscribing.isEmpty else { return false }
        return connection.subscriptions.contains { $0.stage == .asking && $0.roomID == roomID }
    }

    /// Goes on with SENDs whose SUBSCRIBE was answered, in their order. What was received is processed even where the
    /// client is gone meanwhile (STOMP 1.2, RECEIPT).
    func releaseSends(of connection: StompConnection) {
        guard let work = connection.work, !work.heldSends.isEmpty else { return }
        let held = work.heldSends
        work.heldSends = []
        for send in held { carryOut(send.saying, send.messageID, send.pending, on: connection) }
    }
}
