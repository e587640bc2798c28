internal import Kafka
internal import Linux
internal import Synchronization

/// What a lane tells the rest of the process, and what it is told; for any thread.
final class LaneControl: Sendable {
    /// How a lane stands.
    struct Report: Sendable {
        var partitions: [Partition] = []
        /// Why PostgreSQL is not used at present; nil where it is.
        var databaseTrouble: String?
        /// Whether the group has given out partitions yet.
        var isAssigned = false
    }

    /// How a partition stands.
    struct Partition: Sendable {
        var key: PartitionKey
        var nextToRead: Int64
        var answeredOffset: Int64
        /// The log's end as the last fetch told it.
        var highOffset: Int64?
        var isReading: Bool
        /// Why it is not read on.
        var trouble: String?
    }

    let name: String
    let role: BackendRole
    private let running = Atomic<Bool>(true)
    private let reassigning = Atomic<Bool>(false)
    private let turnedAt = Atomic<UInt64>(SystemClock.monotonicNanoseconds())
    private let state = Mutex<(report: Report, waker: KafkaWaker?)>((Report(), nil))

    init(name: String, role: BackendRole) {
        self.name = name
        self.role = role
    }

    var isRunning: Bool { running.load(ordering: .acquiring) }
    var report: Report { state.withLock { $0.report } }
    /// When the lane last went round, on the monotonic clock.
    var lastTurnNanoseconds: UInt64 { turnedAt.load(ordering: .relaxed) }

    func turned(_ now: UInt64) { turnedAt.store(now, ordering: .relaxed) }
    func setReport(_ report: Report) { state.withLock { $0.report = report } }
    func setWaker(_ waker: KafkaWaker) { state.withLock { $0.waker = waker } }

    /// Lets the lane finish what it has and end.
    func stop() {
        running.store(false, ordering: .releasing)
        state.withLock { $0.waker }?.wake()
    }

    /// Lets the lane ask for its partitions' records anew: librdkafka may have stopped fetching (#4176).
    func requestReassignment() {
        reassigning.store(true, ordering: .relaxed)
        state.withLock { $0.waker }?.wake()
    }

    func takeReassignment() -> Bool { reassigning.exchange(false, ordering: .relaxed) }
}
