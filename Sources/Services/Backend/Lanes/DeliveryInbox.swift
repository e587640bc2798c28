internal import Kafka
internal import Synchronization

/// Delivery reports on their way from the producer's thread to the lane that waits for them.
final class DeliveryInbox: Sendable {
    /// What became of some answers of one batch.
    struct Report: Sendable {
        var batch: UInt64
        var count: Int
        var failed: KafkaError?
    }

    private let reports = Mutex<[Report]>([])
    private let waker: KafkaWaker

    init(waker: KafkaWaker) { self.waker = waker }

    /// Adds a report; the next one of the same batch joins it.
    func add(batch: UInt64, failed: KafkaError?) {
        reports.withLock { reports in
            if failed == nil, let last = reports.indices.last, reports[last].batch == batch,
                reports[last].failed == nil
            {
                reports[last].count += 1
            } else {
                reports.append(Report(batch: batch, count: 1, failed: failed))
            }
        }
    }

    func wake() { waker.wake() }

    /// All that came since the last time.
    func takeAll() -> [Report] {
        reports.withLock { reports in
            defer { reports.removeAll(keepingCapacity: true) }
            return reports
        }
    }
}
