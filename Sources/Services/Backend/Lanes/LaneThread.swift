internal import BackendCore
internal import Chat
internal import Kafka
internal import Linux
internal import Logging

/// A lane: one member of a consumer group, one connection to PostgreSQL, one thread. It reads a batch, applies it in
/// one transaction, produces the answers, and goes on with the next batch while they are on their way; the offset
/// moves only over records whose answers are all acknowledged.
///
/// It reads nothing while the database is away: then the assignment is emptied, which leaves the membership as it is,
/// and made anew from where each partition stands.
final class LaneThread {
    /// What one turn takes at the most (GUARANTEES, libpq: adaptive batches).
    static let batchRecordsMax = 500
    static let batchBytesMax = 1 << 20
    /// More unacknowledged answers than this, and nothing more is read.
    static let outstandingMax = 5_000
    static let pingNanoseconds: UInt64 = 2_000_000_000
    static let tidyingNanoseconds: UInt64 = 30_000_000_000
    static let commitNanoseconds: UInt64 = 1_000_000_000

    let role: BackendRole
    let control: LaneControl
    let shared: BackendShared
    let logger: Logger
    let consumer: KafkaConsumer
    let store: ChatStore
    let inbox: DeliveryInbox
    /// The beginning of this lane's tokens.
    let owner: UInt64

    var owned: [PartitionKey: OwnedPartition] = [:]
    /// Read and not stored yet; stays while the database is away.
    var pending: [PartitionKey: Work] = [:]
    /// Whose answers a batch's are, and how many are still on their way.
    var batches: [UInt64: (key: PartitionKey, left: Int, startedAt: UInt64)] = [:]
    var nextBatch: UInt64 = 1
    var isReading = false
    var isAssigned = false
    var database = DatabaseStanding()
    /// Nothing is read before: after answers that failed.
    var restUntil: UInt64 = 0
    var lastUseOfDatabase: UInt64 = 0
    var lastTidying: UInt64 = 0
    var lastCommit: UInt64 = 0
    var lastReport: UInt64 = 0
    var lastComplaint: UInt64 = 0
    var lastDatabaseWords: UInt64 = 0
    var scratch = KafkaHeaders()
    var failpointPassings = 0
    var names: [String: Topic] = [:]

    /// Joins the group. Throws where librdkafka refuses a setting.
    init(_ role: BackendRole, control: LaneControl, shared: BackendShared) throws(KafkaError) {
        self.role = role
        self.control = control
        self.shared = shared
        logger = shared.logger.named("\(shared.logger.service) \(control.name)")
        var group = KafkaGroup(name: role.group)
        if shared.kafka.isEmbedded { group.sessionTimeoutMilliseconds = 4_000 }
        // A lane waits for acknowledged answers, which take up to their message timeout of 60 s.
        group.pollIntervalMillisecondsMax = 120_000
        consumer = try KafkaConsumer(shared.kafka, group: group)
        inbox = DeliveryInbox(waker: consumer.waker)
        owner = shared.answers.register(inbox)
        store = shared.makeStore(control.name)
        for topic in role.topics { names[topic.rawValue] = topic }
        try consumer.subscribe(role.topics.map(\.rawValue))
        control.setWaker(consumer.waker)
    }

    /// Works until the control says stop, then finishes what it has and hands its partitions back.
    func run() {
        while control.isRunning { turn() }
        finish()
    }

    private func turn() {
        let now = SystemClock.monotonicNanoseconds()
        control.turned(now)
        let hasReports = takeReports()
        tendDatabase(now)
        takeLeases(now)
        if !pending.isEmpty, database.isThere { applyPending() }
        tendReading(now)
        var count = 0
        let events = consumer.poll(countMax: Self.batchRecordsMax, bytesMax: Self.batchBytesMax) { batch in
            count = batch.count
            collect(batch)
        }
        if !pending.isEmpty, database.isThere { applyPending() }
        for event in events { handle(event) }
        commitIfDue(now)
        reportIfDue(now)
        if count == 0, events.isEmpty, !hasReports { consumer.wait(milliseconds: 100) }
    }

    private func collect(_ batch: KafkaBatch) {
        guard isReading else { return }
        shared.failpoint(.polled, &failpointPassings)
        let nowMilliseconds = SystemClock.wallMilliseconds()
        for index in 0..<batch.count {
            let message = batch[index]
            guard let topic = names[message.topic] else { continue }
            let key = PartitionKey(topic: topic, partition: message.partition)
            guard owned[key]?.standing == .reading else { continue }
            switch owned[key]?.progress.judge(message.offset) {
            case .take: take(message, key, nowMilliseconds)
            case .gap:
                guard isHarmless(gapBefore: message.offset, key) else { continue }
                owned[key]?.progress.skip(to: message.offset)
                take(message, key, nowMilliseconds)
            case .stale, nil: continue
            }
        }
    }

    /// Whether offsets are left out that never were records: marks of somebody's transaction. Where the log begins only
    /// after them, they were records that nobody worked on, and the partition stops.
    private func isHarmless(gapBefore offset: Int64, _ key: PartitionKey) -> Bool {
        let expected = owned[key]?.progress.nextToRead ?? 0
        do throws(KafkaError) {
            let low = try consumer.watermarks(topic: key.topic.rawValue, partition: key.partition).low
            if low <= expected { return true }
            stopReading(key, "records \(expected) to \(low - 1) were deleted before they were worked on")
        } catch {
            logger.warning("\(key): \(error)")
            owned[key]?.standing = .waiting(retryAt: SystemClock.monotonicNanoseconds() + 1_000_000_000)
            drop(key)
            pauseReading()
        }
        return false
    }

    private func take(_ message: KafkaMessage, _ key: PartitionKey, _ nowMilliseconds: Int64) {
        let record = RecordReader.record(message)
        if key.topic == .chatRoomRequest {
            shared.questions.ask(record, topic: key.topic, nowMilliseconds: nowMilliseconds)
        } else {
            pending[key, default: Work()].records.append(record)
            pending[key]?.headers.append(RecordReader.headers(message))
        }
    }

    /// Puts a partition aside that must not be passed over in silence, and looks at it again in 10 s.
    func stopReading(_ key: PartitionKey, _ why: String) {
        guard owned[key] != nil else { return }
        logger.error("\(key) is not read on: \(why)")
        owned[key]?.standing = .stopped(why, retryAt: SystemClock.monotonicNanoseconds() + 10_000_000_000)
        drop(key)
        pauseReading()
    }

    /// Forgets what was read of a partition and not stored.
    func drop(_ key: PartitionKey) {
        if let first = pending.removeValue(forKey: key)?.records.first?.offset {
            owned[key]?.progress.giveBack(from: first)
        }
    }

    /// Answers that are on their way.
    var outstanding: Int { batches.values.reduce(0) { $0 + $1.left } }
}
