import Chat

/// Everything one reactor of a front decides. Events come in as calls, actions go out through `takeActions`; no I/O, no
/// clock and no randomness of its own, and one thread (or a simulation) at a time.
package final class FrontNode {
    /// What the front was told.
    package let settings: FrontSettings
    /// What time it is; the shell sets it before each call.
    package var clock: FrontClock
    var random: any RandomNumberGenerator
    var actions: [FrontAction] = []
    var pending: [UInt64: PendingRequest] = [:]
    var deadlines = DeadlineQueue()
    var counter: UInt64
    var directory = NameDirectory()
    var sessions = SessionDirectory()
    var logins: LoginLimiter
    var derivations = Derivations()
    var rooms: [RoomID: RoomFeed] = [:]
    /// Groups with encoded frames that were not sent out yet.
    var dirtyGroups: [FanOutGroup] = []
    /// The tail of the event that is being delivered; kept for its memory.
    var tail: [UInt8] = []
    /// Rooms without subscribers and since when, oldest first.
    var idleRooms: [(roomID: RoomID, sinceMilliseconds: Int64)] = []
    /// Subscriptions that catch up and wait for their connection's output queue.
    var draining: [ConnectionID: [(SubscriptionKey, RoomID)]] = [:]
    /// What is asked again at the next tick.
    var retryPages: [(SubscriptionKey, RoomID)] = []
    var retryGaps: [RoomID] = []
    /// Rooms that wait for a name.
    var nameWaiters: [String: Set<RoomID>] = [:]
    /// When a backend last answered, in monotonic milliseconds; nil before the first time.
    package internal(set) var backendSeenMilliseconds: Int64?
    /// STOMP connections.
    var stomp: StompTable
    /// What /metrics tells.
    package internal(set) var stompCounters = StompCounters()
    /// What /metrics tells.
    package internal(set) var counters = FrontCounters()

    /// A front with nobody connected. `random` must be fit for secrets. `reactor`: which reactor of its front this is,
    /// from 0; it makes the numbers of requests differ.
    package init(settings: FrontSettings, clock: FrontClock, random: any RandomNumberGenerator, reactor: Int = 0) {
        counter = UInt64(reactor) << 48
        self.settings = settings
        self.clock = clock
        self.random = random
        logins = LoginLimiter(attemptsMax: settings.loginsPerMinute)
        stomp = StompTable(nowMilliseconds: clock.monotonicMilliseconds)
        logins = LoginLimiter(attemptsMax: settings.loginsPerMinute)
    }

    /// What is to be carried out since the last call, in order.
    package func takeActions() -> [FrontAction] {
        flushGroups()
        let taken = actions
        actions.removeAll(keepingCapacity: true)
        return taken
    }

    /// A new id of version 7.
    func newMessageID() -> MessageID {
        MessageID(milliseconds: clock.wallMilliseconds, random: (random.next(), random.next()))
    }
}
