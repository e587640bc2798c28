/// Who connects, listens and speaks in one scenario.
struct LoadPlan: Sendable {
    let scenario: BenchConfiguration.Scenario
    let rooms: Int
    let subscribers: Int
    let senders: Int
    let outstanding: Int
    /// Messages a second over all senders; nil: as fast as they are confirmed.
    let rate: Int?
    let messageBytes: Int
    let warmUpNanoseconds: UInt64
    let countNanoseconds: UInt64

    init(_ scenario: BenchConfiguration.Scenario, _ configuration: BenchConfiguration) {
        self.scenario = scenario
        rooms = scenario == .hot ? 1 : configuration.rooms
        subscribers = configuration.subscribers
        senders = configuration.senders
        outstanding = scenario == .latency ? 1 : configuration.outstanding
        rate = scenario == .latency ? configuration.rate : nil
        messageBytes = configuration.messageBytes
        warmUpNanoseconds = UInt64(configuration.warmUpSeconds) * 1_000_000_000
        countNanoseconds = UInt64(configuration.seconds) * 1_000_000_000
    }

    var connections: Int { rooms * subscribers + senders }

    /// The rooms in which a sender speaks, in turn: every room has a speaker, and every sender a room.
    func rooms(ofSender sender: Int) -> [Int] {
        guard senders < rooms else { return [sender % rooms] }
        return Array(stride(from: sender, to: rooms, by: senders))
    }
}
