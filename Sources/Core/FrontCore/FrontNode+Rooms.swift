import Chat

extension FrontNode {
    /// Subscribes; answers through `subscribed`, `subscriptionRefused`, later `subscriptionEnded`.
    func subscribe(_ request: SubscriptionRequest) {}

    /// Ends a subscription; nothing of it is sent after this call.
    func unsubscribe(_ key: SubscriptionKey, roomID: RoomID) {}

    /// Goes on delivering where the window of unacknowledged messages was full.
    func acknowledgementsCame(_ key: SubscriptionKey, roomID: RoomID) {}

    func flushGroups() {}
}
