import Chat

/// Which subscription of which connection.
struct SubscriptionKey: Hashable {
    let connection: ConnectionID
    /// Counts the subscriptions of a connection; never used again on it.
    let number: UInt32
}

/// A subscription to a room, as a STOMP connection asks for it.
struct SubscriptionRequest {
    let key: SubscriptionKey
    let roomID: RoomID
    let person: Person
    let transport: Transport
    /// What every MESSAGE of it begins with: `StompMessageEncoder.head`.
    let head: [UInt8]
    /// Whether MESSAGE frames carry `ack` (STOMP 1.2), `message-id` alone tells in 1.0 and 1.1.
    let acknowledges: Bool
    /// Where to go on from; nil: from now on.
    let since: Seq?
    /// The epoch that `since` belongs to; nil: the present one.
    let epoch: Int64?
}
