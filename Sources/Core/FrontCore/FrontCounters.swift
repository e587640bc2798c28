package import Prometheus

/// Counts of one reactor's decisions since its start, for /metrics.
package struct FrontCounters: Sendable, Equatable {
    /// Events of rooms with local subscribers that went out.
    package var eventsDelivered: UInt64 = 0
    /// MESSAGE frames to subscribers, fan-out alone.
    package var messagesOut: UInt64 = 0
    /// Gaps in a room's facts that were filled from history.
    package var gapsFilled: UInt64 = 0

    /// From SEND to its answer, refusals included.
    package var sendLatency = Histogram()

    /// Nothing counted yet.
    package init() {}
}
