internal import BackendCore
internal import Chat
internal import Kafka
internal import Linux
internal import Logging

extension LaneThread {
    /// Connects where there is no connection, and asks an idle one for a sign of life.
    func tendDatabase(_ now: UInt64) {
        if !database.isThere, now >= database.retryAt {
            do throws(StoreError) {
                if store.isConnected { try store.ping() } else { try store.connect() }
                logger.info("PostgreSQL is there")
                database.succeeded()
                lastUseOfDatabase = now
            } catch {
                if now >= lastDatabaseWords + 3_000_000_000 {
                    lastDatabaseWords = now
                    logger.warning("waiting for \(error)")
                }
                database.failed(error.description, isRetriable: error.isRetriable, now: now)
            }
            reportNow()
        } else if database.isThere, now >= lastUseOfDatabase + Self.pingNanoseconds {
            lastUseOfDatabase = now
            do throws(StoreError) { try store.ping() } catch { failed(error) }
        } else if database.isThere, role == .chat, now >= lastTidying + Self.tidyingNanoseconds {
            lastTidying = now
            do throws(StoreError) {
                try store.tidy(nowMilliseconds: SystemClock.wallMilliseconds())
            } catch {
                failed(error)
            }
        }
    }

    func reportIfDue(_ now: UInt64) {
        guard now >= lastReport + 500_000_000 else { return }
        reportNow()
        if isAssigned, owned.isEmpty, now >= lastComplaint + 10_000_000_000 {
            lastComplaint = now
            logger.warning("this member of the group \(role.group) owns no partition")
        }
    }

    /// Tells the rest of the process how the lane stands.
    func reportNow() {
        lastReport = SystemClock.monotonicNanoseconds()
        var report = LaneControl.Report()
        report.databaseTrouble = database.trouble
        report.isAssigned = isAssigned
        report.partitions = owned.values.map { partition in
            let key = partition.key
            var trouble: String?
            switch partition.standing {
            case .reading: trouble = nil
            case .waiting: trouble = "its lease is not taken yet"
            case .stopped(let why, _): trouble = why
            }
            return LaneControl.Partition(
                key: key, nextToRead: partition.progress.nextToRead,
                answeredOffset: partition.doneOffset,
                highOffset: consumer.knownWatermarks(topic: key.topic.rawValue, partition: key.partition)?.high,
                isReading: isReading && partition.standing == .reading, trouble: trouble)
        }
        control.setReport(report)
    }

    /// Ends: what was read and not stored is left for the next owner.
    func finish() {
        logger.info("stopping: waits for \(batches.count) batches of answers")
        handBack(isLost: false, waitMilliseconds: 5_000)
        consumer.close(deadlineMilliseconds: 3_000)
        store.close()
        reportNow(afterEnd: ())
    }

    private func reportNow(afterEnd: Void) { control.setReport(LaneControl.Report()) }
}
