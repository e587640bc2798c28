import Chat
import Kafka
import Linux
import Logging
import Synchronization

extension FrontLog {
    /// Records of one poll at the most, so that a reactor's turn stays short.
    static let recordsMax = 1000
    /// Octets of one poll, about.
    static let batchBytesMax = 512 * 1024

    /// Starts the reading thread. Rooms, people and answers are read from now on, ended sessions from the topic's
    /// beginning; `caughtUp` is called once those are read.
    func read(
        partitions: [Topic: [Int32]], to listener: Listener, caughtUp: @escaping @Sendable () -> Void
    ) throws(SystemError) {
        let thread = try NativeThread.start(name: "front-log") { [self] in
            var wait = 200
            while isRunning.load(ordering: .acquiring) {
                do throws(KafkaError) {
                    let reader = try Reader(configuration, boot: boot, partitions: partitions)
                    setWaker(reader.consumer.waker)
                    run(reader, listener, caughtUp)
                    reader.consumer.close(deadlineMilliseconds: 1000)
                    return
                } catch {
                    noteTrouble("kafka: \(error.message)")
                    SystemClock.sleep(milliseconds: wait)
                    wait = min(wait * 2, 2000)
                }
            }
        }
        setThread(thread)
    }

    private func run(_ reader: Reader, _ listener: Listener, _ caughtUp: @Sendable () -> Void) {
        var isCaughtUp = false
        while isRunning.load(ordering: .acquiring) {
            let (batch, events) = reader.poll()
            if let batch { listener.batch(batch) }
            for event in events { handle(event, reader, listener) }
            if !isCaughtUp, reader.hasReadSessions {
                isCaughtUp = true
                caughtUp()
            }
            if batch == nil, events.isEmpty { reader.consumer.wait() } else { noteTrouble(nil) }
        }
    }

    private func handle(_ event: KafkaConsumerEvent, _ reader: Reader, _ listener: Listener) {
        switch event {
        case .partitionFailed(let error, let topic, let partition)
        where error.code == .offsetOutOfRange || error.code == .noOffset:
            logger.warning("\(topic) \(partition): records were gone before they were read; rooms look at history")
            reader.restart(topic: topic, partition: partition)
            listener.gap()
        case .partitionFailed(let error, let topic, let partition):
            logger.warning("\(topic) \(partition): \(error.message)")
        case .failed(let error):
            if error.code == .unreachable { noteTrouble("kafka: \(error.message)") }
            logger.debug("kafka: \(error.message)")
        case .assigned, .revoked, .commitFailed: break
        }
    }

    /// One consumer and what it has read.
    private final class Reader {
        let consumer: KafkaConsumer
        private let boot: MessageID
        private var positions: [KafkaPosition]
        private var sessionsEnd: [Int32: Int64] = [:]

        init(_ configuration: KafkaConfiguration, boot: MessageID, partitions: [Topic: [Int32]]) throws(KafkaError) {
            self.boot = boot
            consumer = try KafkaConsumer(configuration)
            positions = []
            for (topic, numbers) in partitions {
                for partition in numbers {
                    let marks = try consumer.watermarks(topic: topic.rawValue, partition: partition)
                    // At a number, never at "end", which skips what comes meanwhile (GUARANTEES rule 6).
                    let start = topic == .session ? marks.low : marks.high
                    if topic == .session, marks.high > marks.low { sessionsEnd[partition] = marks.high }
                    positions.append(KafkaPosition(topic: topic.rawValue, partition: partition, offset: start))
                }
            }
            try consumer.assign(positions)
        }

        var hasReadSessions: Bool { sessionsEnd.isEmpty }

        func poll() -> (RecordBatch?, [KafkaConsumerEvent]) {
            var batch: RecordBatch?
            let events = consumer.poll(countMax: FrontLog.recordsMax, bytesMax: FrontLog.batchBytesMax) { records in
                batch = copy(records)
            }
            return (batch, events)
        }

        func restart(topic: String, partition: Int32) {
            guard let marks = try? consumer.watermarks(topic: topic, partition: partition) else { return }
            try? consumer.seek([KafkaPosition(topic: topic, partition: partition, offset: marks.low)])
        }

        private func copy(_ records: KafkaBatch) -> RecordBatch {
            var octets: [UInt8] = []
            var entries: [RecordBatch.Entry] = []
            entries.reserveCapacity(records.count)
            for index in 0..<records.count {
                let record = records[index]
                guard let topic = Topic(rawValue: record.topic) else { continue }
                if topic == .session, let end = sessionsEnd[record.partition], record.offset + 1 >= end {
                    sessionsEnd[record.partition] = nil
                }
                let keyStart = octets.count
                if let key = record.key { octets.append(contentsOf: key) }
                let valueStart = octets.count
                if let value = record.value { octets.append(contentsOf: value) }
                entries.append(
                    RecordBatch.Entry(
                        topic: topic, key: keyStart..<valueStart, value: valueStart..<octets.count,
                        hasValue: record.value != nil, epoch: epoch(record), answer: answer(record),
                        isRefused: isRefused(record)))
            }
            return RecordBatch(octets: octets, entries: entries)
        }

        private func epoch(_ record: KafkaMessage) -> Int64 {
            record.header("epoch").flatMap { Decimal.unsigned($0) }.flatMap(Int64.init(exactly:)) ?? 1
        }

        private func isRefused(_ record: KafkaMessage) -> Bool {
            guard let outcome = record.header("outcome") else { return false }
            return outcome.elementsEqual("refused".utf8)
        }

        private func answer(_ record: KafkaMessage) -> RecordBatch.AnswerHead? {
            guard let correlation = record.header("correlation-id").flatMap({ CorrelationID(ascii: $0) }),
                correlation.boot == boot
            else { return nil }
            let type = record.header("type").map { String(decoding: $0, as: UTF8.self) } ?? ""
            return RecordBatch.AnswerHead(
                counter: correlation.counter, messageID: record.header("message-id").flatMap { MessageID(ascii: $0) },
                type: type)
        }
    }
}
