import Chat
import Stomp

// What rooms tell a STOMP connection.
extension FrontNode {
    /// The subscription stands: what follows begins after `seq`. Sends its RECEIPT, if one is wanted.
    func subscribed(_ key: SubscriptionKey, seq: Seq, epoch: Int64) {
        guard let connection = stomp.connections[key.connection], let index = connection.index(number: key.number)
        else { return }
        connection.subscriptions[index].stage = .standing
        if let waiting = connection.work?.subscribing.removeValue(forKey: key.number), let wanted = waiting {
            var writer = StompWriter(version: connection.version ?? .v1_0, reserving: 96)
            writer.begin(.receipt)
            writer.header("receipt-id", wanted)
            writer.header("seq", decimal: Int(seq))
            writer.header("epoch", decimal: Int(epoch))
            writer.end()
            transmit(writer.take(), to: connection)
        }
        balance(connection)
        // DISCONNECT may have waited for this; the room goes on with it first, so the next tick ends it.
        if connection.phase == .disconnecting { stomp.finishing.append(connection.id) }
    }

    /// The subscription is refused, or one that stood cannot go on.
    func subscriptionRefused(_ key: SubscriptionKey, _ refusal: ChatError) {
        guard let connection = stomp.connections[key.connection], let index = connection.index(number: key.number)
        else { return }
        let subscription = connection.subscriptions.remove(at: index)
        connection.unacknowledged -= Int32(subscription.window.count)
        let receipt = connection.work?.subscribing.removeValue(forKey: key.number) ?? nil
        refuse(connection, refusal, receipt: receipt, destination: subscription.place.destination)
        answered(on: connection)
    }

    /// The room took the subscription away (removal, end of the room).
    func subscriptionEnded(_ key: SubscriptionKey) {
        guard let connection = stomp.connections[key.connection], let index = connection.index(number: key.number)
        else { return }
        connection.unacknowledged -= Int32(connection.subscriptions[index].window.count)
        connection.subscriptions[index].window = []
        connection.subscriptions[index].stage = .ended
    }

    /// A MESSAGE of a subscription that acknowledges goes out. `ackID` is its `ack` header, `SUBSCRIPTION-SEQ`.
    func messageSent(_ key: SubscriptionKey, seq: Seq, messageID: MessageID, ackID: String) {
        guard let connection = stomp.connections[key.connection], let index = connection.index(number: key.number),
            seq > connection.subscriptions[index].window.last?.seq ?? 0
        else { return }
        connection.subscriptions[index].window.append(
            StompSubscription.Unacknowledged(seq: seq, messageID: messageID))
        connection.unacknowledged += 1
    }

    /// Whether one more MESSAGE may go out unacknowledged.
    func windowIsOpen(_ key: SubscriptionKey) -> Bool {
        guard let connection = stomp.connections[key.connection], let index = connection.index(number: key.number)
        else { return false }
        return connection.subscriptions[index].window.count < settings.unacknowledgedMax
            && Int(connection.unacknowledged) < settings.unacknowledgedPerConnectionMax
    }
}
