internal import BackendCore
internal import Chat
internal import Kafka
internal import Linux
internal import Logging

extension LaneThread {
    /// Stores what was read and produces the answers. What the database did not take stays pending.
    func applyPending() {
        let keys = pending.keys.sorted { ($0.topic.rawValue, $0.partition) < ($1.topic.rawValue, $1.partition) }
        var work: [(key: PartitionKey, batch: LaneBatch)] = []
        for key in keys {
            guard let lane = owned[key]?.lane, let answered = owned[key]?.progress.answeredOffset,
                let records = pending[key]?.records
            else { continue }
            work.append((key, LaneBatch(lane: lane, records: records, answeredOffset: answered)))
        }
        guard !work.isEmpty else { return pending.removeAll() }
        let started = SystemClock.monotonicNanoseconds()
        shared.failpoint(.beforeTransaction, &failpointPassings)
        do throws(StoreError) {
            if role == .user {
                for item in work {
                    shared.failpoint(.inTransaction, &failpointPassings)
                    let applied = try store.applyUsers(item.batch, nowMilliseconds: SystemClock.wallMilliseconds())
                    send(item.key, item.batch, applied, started)
                }
            } else {
                shared.failpoint(.inTransaction, &failpointPassings)
                let applied = try store.apply(work.map(\.batch), nowMilliseconds: SystemClock.wallMilliseconds())
                shared.metrics.applied(work.reduce(0) { $0 + $1.batch.records.count }, since: started)
                shared.failpoint(.afterTransaction, &failpointPassings)
                for (item, applied) in zip(work, applied) { send(item.key, item.batch, applied, started) }
            }
            lastUseOfDatabase = SystemClock.monotonicNanoseconds()
            shared.failpoint(.produced, &failpointPassings)
        } catch {
            failed(error)
        }
    }

    /// What follows from a call to the store that failed.
    func failed(_ error: StoreError) {
        switch error {
        case .leaseLost(let topic, let partition):
            shared.metrics.lostLease()
            let key = PartitionKey(topic: topic, partition: partition)
            logger.warning("\(error); what was read of it is dropped")
            owned[key]?.standing = .waiting(retryAt: SystemClock.monotonicNanoseconds() + 15_000_000_000)
            drop(key)
            pauseReading()
        case .schema, .database:
            logger.warning("\(error); nothing is read until it is there again")
            let now = SystemClock.monotonicNanoseconds()
            database.failed(error.description, isRetriable: error.isRetriable, now: now)
            pauseReading()
        }
    }

    /// Produces what came of a batch that is stored.
    private func send(_ key: PartitionKey, _ batch: LaneBatch, _ applied: [Applied], _ started: UInt64) {
        guard let first = batch.records.first?.offset, let last = batch.records.last?.offset,
            let work = pending.removeValue(forKey: key)
        else { return }
        owned[key]?.lane?.nextOffset = last + 1
        let number = nextBatch
        nextBatch += 1
        var count = 0
        var failure: KafkaError?
        for (index, outcome) in applied.enumerated() {
            do throws(KafkaError) {
                for record in outcome.records {
                    try shared.answers.produce(record, owner: owner, batch: number, headers: &scratch)
                    count += 1
                }
                if let reason = outcome.deadLetterReason, index < work.records.count {
                    try shared.answers.produce(letter(key, work, index, reason), owner: owner, batch: number)
                    count += 1
                }
            } catch {
                failure = error
            }
        }
        shared.metrics.produced(count)
        owned[key]?.progress.sent(number: number, first: first, end: last + 1, outstanding: count)
        if count > 0 { batches[number] = (key, count, started) }
        if let failure {
            logger.error("answers of \(key) are not produced: \(failure); they will be given again")
            owned[key]?.progress.ended(number: number, count: 0, isFailed: true)
            rewindFailed()
        }
    }

    private func letter(_ key: PartitionKey, _ work: Work, _ index: Int, _ reason: String) -> DeadLetter {
        let record = work.records[index]
        shared.metrics.deadLetter()
        logger.warning("\(key) offset \(record.offset) goes to the dead letters: \(reason)")
        return DeadLetter(
            key: record.key, value: record.value, headers: work.headers[index], reason: reason, topic: key.topic,
            partition: key.partition, offset: record.offset, atMilliseconds: SystemClock.wallMilliseconds())
    }

    /// Takes delivery reports in. Whether there were any.
    func takeReports() -> Bool {
        let reports = inbox.takeAll()
        if reports.isEmpty { return false }
        var isFailed = false
        for report in reports {
            guard let batch = batches[report.batch] else { continue }
            if let error = report.failed {
                isFailed = true
                logger.warning("an answer of \(batch.key) is not in the log: \(error)")
            }
            owned[batch.key]?.progress.ended(
                number: report.batch, count: report.count, isFailed: report.failed != nil)
            if batch.left <= report.count {
                batches[report.batch] = nil
                shared.metrics.answered(since: batch.startedAt)
            } else {
                batches[report.batch]?.left -= report.count
            }
        }
        if isFailed { rewindFailed() }
        for key in owned.keys { _ = owned[key]?.progress.settle() }
        return true
    }

    /// Takes partitions back to their first answer that failed; they are read again from there.
    private func rewindFailed() {
        for key in owned.keys {
            guard let offset = owned[key]?.progress.rewind() else { continue }
            logger.warning("\(key) goes back to offset \(offset) to answer again")
            shared.metrics.rewound()
            pending[key] = nil
            for (number, batch) in batches where batch.key == key { batches[number] = nil }
        }
        restUntil = SystemClock.monotonicNanoseconds() + 500_000_000
        pauseReading()
    }

    /// Tells the group how far all is done, without waiting.
    func commitIfDue(_ now: UInt64) {
        guard now >= lastCommit + Self.commitNanoseconds else { return }
        lastCommit = now
        commit()
    }

    func commit() {
        var positions: [KafkaPosition] = []
        for (key, partition) in owned where partition.standing == .reading {
            // Without a commit a group begins at 0 too.
            guard partition.doneOffset > max(partition.committedOffset, 0) else { continue }
            positions.append(
                KafkaPosition(topic: key.topic.rawValue, partition: key.partition, offset: partition.doneOffset))
            owned[key]?.committedOffset = partition.doneOffset
        }
        if positions.isEmpty { return }
        shared.failpoint(.beforeOffset, &failpointPassings)
        do throws(KafkaError) {
            try consumer.commit(positions)
        } catch {
            logger.warning("offsets are not committed: \(error)")
        }
    }
}
