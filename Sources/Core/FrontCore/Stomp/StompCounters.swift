package import Chat

/// Counts of what STOMP connections did since the start, for /metrics.
package struct StompCounters: Sendable, Equatable {
    /// Frames of clients.
    package var framesIn: UInt64 = 0
    /// Frames to single connections; MESSAGEs of rooms are counted by their fan-out.
    package var framesOut: UInt64 = 0
    /// SENDs that say something and went to a backend.
    package var sends: UInt64 = 0
    /// Heart-beats sent.
    package var heartBeatsOut: UInt64 = 0
    /// NACKs.
    package var nacks: UInt64 = 0
    /// Frames that broke the protocol itself.
    package var violations: UInt64 = 0
    /// Refusals by code.
    package private(set) var refused: [ChatError.Code: UInt64] = [:]

    /// Nothing counted yet.
    package init() {}

    mutating func countRefusal(_ code: ChatError.Code) { refused[code, default: 0] += 1 }
}
