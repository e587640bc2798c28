/// A session over WebSocket: it lives as long as its connection, so all that is left is framing and heart-beats.
/// Times are nanoseconds of a clock that never goes back.
package struct SockJSSocket: Sendable {
    private let heartbeatNanoseconds: UInt64
    /// When `tick` has something to do.
    package private(set) var deadlineNanoseconds: UInt64

    /// A session that begins now; the first message to send is `SockJSFrame.open`.
    package init(configuration: SockJSConfiguration, now: UInt64) {
        heartbeatNanoseconds = UInt64(max(1, configuration.heartbeatMilliseconds)) &* 1_000_000
        deadlineNanoseconds = now &+ heartbeatNanoseconds
    }

    /// Something was sent, so the next heart-beat can wait.
    package mutating func sent(now: UInt64) { deadlineNanoseconds = now &+ heartbeatNanoseconds }

    /// The heart-beat that is due; nil while none is.
    package mutating func tick(now: UInt64) -> [UInt8]? {
        guard now >= deadlineNanoseconds else { return nil }
        sent(now: now)
        return SockJSFrame.heartbeat
    }
}
