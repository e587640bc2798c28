/// Subscribers of one room whose MESSAGE frames are the same to the octet: one encoding serves them all.
final class FanOutGroup {
    /// What makes subscribers alike.
    struct Key: Hashable {
        let transport: Transport
        let head: [UInt8]
        /// Set for a subscription that acknowledges: its frames have an `ack` of their own.
        let only: SubscriptionKey?
    }

    let key: Key
    /// Parallel arrays, so that fan-out walks over connections alone.
    private(set) var connections: [ConnectionID] = []
    private(set) var subscriptions: [SubscriptionKey] = []
    /// Frames encoded since the last flush.
    var buffer: [UInt8] = []

    init(key: Key) { self.key = key }

    /// Adds a subscriber and returns its place. The buffer must be empty: what was encoded before is not for it.
    func add(_ subscription: SubscriptionKey) -> Int {
        precondition(buffer.isEmpty)
        connections.append(subscription.connection)
        subscriptions.append(subscription)
        return connections.count - 1
    }

    /// Takes the subscriber at `index` out; the last one takes its place and is returned, where there is one.
    func remove(at index: Int) -> SubscriptionKey? {
        precondition(buffer.isEmpty)
        let last = connections.count - 1
        connections.swapAt(index, last)
        subscriptions.swapAt(index, last)
        connections.removeLast()
        subscriptions.removeLast()
        return index < last ? subscriptions[index] : nil
    }

    var isEmpty: Bool { connections.isEmpty }
}
