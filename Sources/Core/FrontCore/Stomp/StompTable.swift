import Chat
import Stomp

/// All STOMP connections of a reactor.
struct StompTable {
    var connections: [ConnectionID: StompConnection] = [:]
    /// Logged-in connections of each person.
    var perUser: [String: Int32] = [:]
    var wheel: TimerWheel
    /// Connections whose DISCONNECT may be answered at the next tick.
    var finishing: [ConnectionID] = []

    /// No connections, at `now`.
    init(nowMilliseconds: Int64) { wheel = TimerWheel(nowMilliseconds: nowMilliseconds) }
}
