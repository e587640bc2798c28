import Chat

// What rooms and requests tell a STOMP connection.
extension FrontNode {
    /// The subscription stands: what follows begins after `seq`. Sends its RECEIPT, if one is wanted.
    func subscribed(_ key: SubscriptionKey, seq: Seq, epoch: Int64) {}

    /// The subscription is refused.
    func subscriptionRefused(_ key: SubscriptionKey, _ refusal: ChatError) {}

    /// The room took the subscription away (removal, end of the room).
    func subscriptionEnded(_ key: SubscriptionKey) {}

    /// A MESSAGE of a subscription that acknowledges goes out. `ackID` is its `ack` header.
    func messageSent(_ key: SubscriptionKey, seq: Seq, messageID: MessageID, ackID: String) {}

    /// Whether one more MESSAGE may go out unacknowledged.
    func windowIsOpen(_ key: SubscriptionKey) -> Bool { true }

    /// A SEND was answered.
    func sendAnswered(_ waiter: SendWaiter, _ result: Result<Answer, ChatError>) {}
}
