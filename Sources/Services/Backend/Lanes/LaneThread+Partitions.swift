internal import BackendCore
internal import Chat
internal import Kafka
internal import Linux
internal import Logging

extension LaneThread {
    func handle(_ event: KafkaConsumerEvent) {
        switch event {
        case .assigned(let positions): assigned(positions)
        case .revoked(_, let isLost): revoked(isLost: isLost)
        case .commitFailed(let error):
            logger.info("offsets are not committed: \(error)")
            for key in owned.keys { owned[key]?.committedOffset = -1 }
        case .partitionFailed(let error, let name, let partition):
            guard let topic = names[name] else { return }
            stopReading(PartitionKey(topic: topic, partition: partition), error.debugDescription)
        case .failed(let error):
            if error.isFatal {
                logger.error("the consumer has failed for good: \(error.debugDescription)")
                control.stop()
            } else {
                logger.info("kafka: \(error)")
            }
        }
    }

    private func assigned(_ positions: [KafkaPosition]) {
        isAssigned = true
        isReading = false
        owned = [:]
        pending = [:]
        for position in positions {
            guard let topic = names[position.topic] else { continue }
            let key = PartitionKey(topic: topic, partition: position.partition)
            owned[key] = OwnedPartition(key: key)
        }
        // The group goes on with this; what is read, and from where, follows when the leases are there.
        attempt("assign") { () throws(KafkaError) in try consumer.assign([]) }
        if owned.isEmpty {
            logger.warning("the group \(role.group) gave this member no partition")
        } else {
            logger.info("the group \(role.group) gave this member \(owned.count) partitions")
        }
        reportNow()
    }

    private func revoked(isLost: Bool) {
        logger.info("the group \(role.group) takes \(owned.count) partitions back\(isLost ? ": they are lost" : "")")
        handBack(isLost: isLost, waitMilliseconds: 3_000)
        attempt("unassign") { () throws(KafkaError) in try consumer.unassign() }
        isAssigned = false
        reportNow()
    }

    /// Waits for answers that are on their way, then notes how far all partitions are, and gives them up.
    func handBack(isLost: Bool, waitMilliseconds: UInt64) {
        pauseReading()
        for key in pending.keys { drop(key) }
        let end = SystemClock.monotonicNanoseconds() + waitMilliseconds * 1_000_000
        while !isLost, !batches.isEmpty, SystemClock.monotonicNanoseconds() < end {
            control.turned(SystemClock.monotonicNanoseconds())
            consumer.wait(milliseconds: 20)
            _ = takeReports()
        }
        if !isLost {
            commit()
            for (key, partition) in owned {
                guard let lane = partition.lane, database.isThere, partition.standing == .reading else { continue }
                do throws(StoreError) {
                    try store.releaseLane(lane, answeredOffset: partition.progress.answeredOffset)
                } catch {
                    logger.info("\(key) is given up without a note: \(error)")
                }
            }
        }
        owned = [:]
        batches = [:]
    }

    /// Becomes the owner of partitions that the group gave, and finds out where to begin.
    func takeLeases(_ now: UInt64) {
        guard database.isThere, !owned.isEmpty else { return }
        let due = owned.values.filter { partition in
            switch partition.standing {
            case .waiting(let retryAt), .stopped(_, let retryAt): retryAt <= now
            case .reading: false
            }
        }
        if due.isEmpty { return }
        guard let incarnation = consumer.clusterID(deadlineMilliseconds: 2_000) else {
            for partition in due { owned[partition.key]?.standing = .waiting(retryAt: now + 1_000_000_000) }
            return
        }
        for partition in due {
            guard database.isThere else { return }
            do throws(KafkaError) {
                try takeLease(partition.key, incarnation)
            } catch {
                logger.warning("\(partition.key): \(error)")
                owned[partition.key]?.standing = .waiting(retryAt: now + 1_000_000_000)
            }
            control.turned(SystemClock.monotonicNanoseconds())
        }
        // Everything is assigned anew, the new ones among it.
        pauseReading()
    }

    private func takeLease(_ key: PartitionKey, _ incarnation: String) throws(KafkaError) {
        let (low, high) = try consumer.watermarks(topic: key.topic.rawValue, partition: key.partition)
        if key.topic == .chatRoomRequest {
            let place = KafkaPosition(topic: key.topic.rawValue, partition: key.partition)
            let committed = try consumer.committed([place]).first?.offset ?? -1
            // Questions have a deadline; nothing is lost by leaving old ones out.
            owned[key]?.progress = PartitionProgress(offset: min(max(committed, low), high))
            owned[key]?.standing = .reading
            return
        }
        do throws(StoreError) {
            let lane = try store.takeLane(
                incarnation: incarnation, topic: key.topic, partition: key.partition, startOffset: low)
            if let obstacle = OwnedPartition.obstacle(lane, low: low, high: high) {
                stopReading(key, obstacle)
                return
            }
            owned[key]?.lane = lane
            owned[key]?.progress = PartitionProgress(offset: max(lane.answeredOffset, low))
            owned[key]?.standing = .reading
        } catch {
            failed(error)
        }
    }

    /// Reads where it may, and does not where it must not.
    func tendReading(_ now: UInt64) {
        if control.takeReassignment() { pauseReading() }
        let isWanted =
            database.isThere && pending.isEmpty && now >= restUntil
            && outstanding < (isReading ? Self.outstandingMax : Self.outstandingMax / 2)
            && owned.values.contains { $0.standing == .reading }
        if isWanted == isReading { return }
        if isWanted { resumeReading() } else { pauseReading() }
    }

    func pauseReading() {
        guard isReading else { return }
        isReading = false
        attempt("assign") { () throws(KafkaError) in try consumer.assign([]) }
    }

    private func resumeReading() {
        let positions = owned.values.filter { $0.standing == .reading }.map {
            KafkaPosition(
                topic: $0.key.topic.rawValue, partition: $0.key.partition, offset: $0.progress.nextToRead)
        }
        isReading = attempt("assign") { () throws(KafkaError) in try consumer.assign(positions) }
    }

    @discardableResult
    private func attempt(_ what: String, _ body: () throws(KafkaError) -> Void) -> Bool {
        do throws(KafkaError) {
            try body()
            return true
        } catch {
            logger.error("\(what): \(error)")
            return false
        }
    }
}
