/// What one scenario measured.
package struct Figures: Sendable {
    /// `rooms`, `latency`, `hot`.
    package let scenario: String
    package let rooms: Int
    package let subscribers: Int
    package let senders: Int
    package let outstanding: Int
    package let messageBytes: Int
    /// How long was counted.
    package var seconds = 0.0
    /// Confirmed, and delivered to somebody, within that time.
    package var messages = 0
    package var deliveries = 0
    /// From SEND to RECEIPT.
    package var receipts = LatencyHistogram()
    /// From SEND to MESSAGE.
    package var delivered = LatencyHistogram()
    /// Over the whole run, with warm-up and drain: what was confirmed and not delivered to somebody.
    package var losses = 0
    /// What somebody got again.
    package var repeats = 0
    /// What came in another order than that of seq, or was confirmed in another than it was sent.
    package var disorders = 0
    /// SENDs that were refused, or never answered.
    package var refusals = 0
    /// Connections that ended before their time.
    package var disconnections = 0
    /// Seconds of CPU within the counted time, by process; `bench` is the load generator itself.
    package var processorSeconds: [(name: String, seconds: Double)] = []

    init(_ plan: LoadPlan) {
        scenario = plan.scenario.rawValue
        rooms = plan.rooms
        subscribers = plan.subscribers
        senders = plan.senders
        outstanding = plan.outstanding
        messageBytes = plan.messageBytes
    }

    /// Whether every promise was kept.
    package var isClean: Bool { losses + repeats + disorders + refusals + disconnections == 0 }

    /// Confirmed messages a second.
    package var messagesPerSecond: Double { seconds > 0 ? Double(messages) / seconds : 0 }
    /// Deliveries a second, over all subscribers.
    package var deliveriesPerSecond: Double { seconds > 0 ? Double(deliveries) / seconds : 0 }

    /// CPU of the system's processes for one confirmed message; nil where none was counted.
    package var processorMicrosecondsPerMessage: Double? {
        let own = processorSeconds.filter { $0.name != "bench" }
        guard !own.isEmpty, messages > 0 else { return nil }
        return own.reduce(0) { $0 + $1.seconds } * 1e6 / Double(messages)
    }
}
