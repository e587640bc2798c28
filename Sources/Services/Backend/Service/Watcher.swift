internal import Chat
internal import Kafka
internal import Linux
internal import Logging
internal import Synchronization

/// Looks at Kafka and at the lanes every few seconds, on a thread of its own: whether a broker answers, how far each
/// log goes, and whether a lane has stopped reading although there is something (librdkafka #4176).
final class Watcher: Sendable {
    static let turnMilliseconds = 2_000
    /// A partition that does not move for so many turns, although there is more, is asked for anew.
    static let stillTurnsMax = 8

    private let status: BackendStatus
    private let kafka: KafkaConfiguration
    private let logger: Logger
    private let isRunning = Atomic<Bool>(true)
    private let thread = Mutex<NativeThread?>(nil)

    init(_ status: BackendStatus, kafka: KafkaConfiguration, logger: Logger) throws(SystemError) {
        self.status = status
        self.kafka = kafka
        self.logger = logger
        let thread = try NativeThread.start(name: "watcher") { [self] in run() }
        self.thread.withLock { $0 = thread }
    }

    /// Ends within about two seconds; safe to call twice.
    func stop() {
        isRunning.store(false, ordering: .releasing)
        thread.withLock { $0.take() }?.join()
    }

    private struct Still {
        var offset: Int64
        var turns = 0
    }

    private func run() {
        guard let admin = try? KafkaAdmin(kafka) else { return }
        var still: [PartitionKey: Still] = [:]
        while isRunning.load(ordering: .acquiring) {
            let trouble = look(admin, &still)
            status.change { $0.kafkaTrouble = trouble }
            var left = Self.turnMilliseconds
            while left > 0, isRunning.load(ordering: .acquiring) {
                SystemClock.sleep(milliseconds: 100)
                left -= 100
            }
        }
    }

    /// Why Kafka cannot be used; nil where it can.
    private func look(_ admin: KafkaAdmin, _ still: inout [PartitionKey: Still]) -> String? {
        guard status.current.answers?.producer.isReachable(deadlineMilliseconds: 2_000) != false else {
            return "no broker answers"
        }
        for lane in status.current.lanes {
            for partition in lane.report.partitions {
                guard isRunning.load(ordering: .acquiring) else { return nil }
                let key = partition.key
                do throws(KafkaError) {
                    let end = try admin.watermarks(
                        topic: key.topic.rawValue, partition: key.partition, deadlineMilliseconds: 2_000
                    ).high
                    status.change { $0.ends[key] = end }
                    if notice(partition, end, &still) {
                        logger.warning("\(key) stands still at \(partition.nextToRead) of \(end); it is asked for anew")
                        lane.requestReassignment()
                    }
                } catch {
                    return error.message
                }
            }
        }
        return nil
    }

    private func notice(_ partition: LaneControl.Partition, _ end: Int64, _ still: inout [PartitionKey: Still]) -> Bool
    {
        let key = partition.key
        guard partition.isReading, partition.nextToRead < end, still[key]?.offset == partition.nextToRead else {
            still[key] = Still(offset: partition.nextToRead)
            return false
        }
        still[key]?.turns += 1
        guard let turns = still[key]?.turns, turns >= Self.stillTurnsMax else { return false }
        still[key]?.turns = 0
        return true
    }
}
