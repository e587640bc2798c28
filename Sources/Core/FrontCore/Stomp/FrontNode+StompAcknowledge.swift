import Chat
import Stomp

// ACK and NACK: they move the window of unacknowledged messages, nothing is sent again (CONTRACT section 3).
extension FrontNode {
    func acknowledge(_ frame: StompFrameView, on connection: StompConnection) {
        let acknowledgement: StompAcknowledgement?
        do throws(ChatError) {
            guard let found = try find(frame, on: connection) else {
                violate(connection, frame, "ACK and NACK say which message: id in 1.2, message-id before.")
                return
            }
            acknowledgement = found
        } catch {
            refuse(connection, error, receipt: frame.string("receipt"), destination: nil)
            return
        }
        if frame.command == .nack { stompCounters.nacks += 1 }
        guard let acknowledgement else { return }
        if let name = frame.string("transaction") {
            append(acknowledgement, toTransaction: name, frame, on: connection)
            return
        }
        apply(acknowledgement, on: connection)
        receipt(frame.string("receipt"), to: connection)
    }

    /// Which message is meant; nil where the frame does not say. Throws `not_found` for one that waits for no ACK.
    private func find(_ frame: StompFrameView, on connection: StompConnection) throws(ChatError)
        -> StompAcknowledgement?
    {
        if connection.version == .v1_2 {
            guard let id = frame.value("id") else { return nil }
            guard let mark = StompAcknowledgement(mark: id) else { throw .nothingToAcknowledge }
            return try check(mark, on: connection)
        }
        guard let messageID = frame.value("message-id") else { return nil }
        var number: UInt32?
        if let id = frame.string("subscription") {
            guard let index = connection.index(id: id) else { throw .nothingToAcknowledge }
            number = connection.subscriptions[index].number
        } else if connection.version == .v1_1 {
            return nil
        }
        if let mark = StompAcknowledgement(mark: messageID), number == nil || mark.subscription == number {
            return try check(mark, on: connection)
        }
        guard let wanted = MessageID(ascii: messageID) else { throw .nothingToAcknowledge }
        for subscription in connection.subscriptions where number == nil || subscription.number == number {
            guard let waiting = subscription.window.first(where: { $0.messageID == wanted }) else { continue }
            return StompAcknowledgement(subscription: subscription.number, seq: waiting.seq, isPassing: false)
        }
        throw .nothingToAcknowledge
    }

    private func check(_ mark: StompAcknowledgement, on connection: StompConnection) throws(ChatError)
        -> StompAcknowledgement
    {
        guard let index = connection.index(number: mark.subscription) else {
            // The ACK of a subscription that has ended since was right when it was sent.
            guard mark.subscription > 0, mark.subscription <= connection.subscriptionsMade else {
                throw .nothingToAcknowledge
            }
            return mark
        }
        let subscription = connection.subscriptions[index]
        guard subscription.acknowledgement != .auto, mark.isPassing || subscription.waits(for: mark.seq) else {
            throw .nothingToAcknowledge
        }
        return mark
    }

    func apply(_ acknowledgement: StompAcknowledgement, on connection: StompConnection) {
        guard let index = connection.index(number: acknowledgement.subscription) else { return }
        let taken = connection.subscriptions[index].take(acknowledgement)
        guard taken > 0 else { return }
        let wasFull = Int(connection.unacknowledged) >= settings.unacknowledgedPerConnectionMax
        connection.unacknowledged -= Int32(taken)
        if wasFull {
            windowsOpened(on: connection)
        } else if let roomID = connection.subscriptions[index].roomID {
            acknowledgementsCame(
                SubscriptionKey(connection: connection.id, number: acknowledgement.subscription), roomID: roomID)
        }
    }

    /// Messages of this connection were taken off its windows: whoever waited may go on.
    func windowsOpened(on connection: StompConnection) {
        let keys = connection.subscriptions.filter { $0.acknowledgement != .auto && $0.stage == .standing }
        for subscription in keys {
            guard let roomID = subscription.roomID else { continue }
            acknowledgementsCame(
                SubscriptionKey(connection: connection.id, number: subscription.number), roomID: roomID)
        }
    }
}

extension StompAcknowledgement {
    /// Reads the header `ack` of an event, `SUBSCRIPTION-SEQ`, or of another message, `SUBSCRIPTION-pSEQ-COUNTER`.
    init?(mark: UnsafeRawBufferPointer) {
        let parts = mark.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        guard parts.count == 2 || parts.count == 3,
            let number = Decimal.unsigned(UnsafeRawBufferPointer(rebasing: parts[0])).flatMap(UInt32.init(exactly:))
        else { return nil }
        let passing = parts.count == 3
        guard !passing || parts[1].first == UInt8(ascii: "p") else { return nil }
        let digits = passing ? parts[1].dropFirst() : parts[1]
        guard let seq = Decimal.unsigned(UnsafeRawBufferPointer(rebasing: digits)).flatMap(Int64.init(exactly:))
        else { return nil }
        self.init(subscription: number, seq: seq, isPassing: passing)
    }
}

extension StompSubscription {
    /// Whether the message waits for its ACK.
    func waits(for seq: Seq) -> Bool { position(of: seq).map { window[$0].seq == seq } ?? false }

    /// Takes what is acknowledged off the window; returns how many messages.
    mutating func take(_ acknowledgement: StompAcknowledgement) -> Int {
        let before = window.count
        guard let position = position(of: acknowledgement.seq) else {
            if self.acknowledgement == .cumulative { window.removeAll() }
            return before - window.count
        }
        let isThere = window[position].seq == acknowledgement.seq
        if self.acknowledgement == .cumulative {
            window.removeFirst(isThere ? position + 1 : position)
        } else if isThere, !acknowledgement.isPassing {
            window.remove(at: position)
        }
        return before - window.count
    }

    /// Where the first message of `seq` or more stands; nil where all are smaller. Seqs ascend in a window.
    private func position(of seq: Seq) -> Int? {
        var low = 0
        var high = window.count
        while low < high {
            let middle = (low + high) / 2
            if window[middle].seq < seq { low = middle + 1 } else { high = middle }
        }
        return low < window.count ? low : nil
    }
}

extension ChatError {
    fileprivate static let nothingToAcknowledge = ChatError(.notFound, "No such message waits for an ACK.")
}
