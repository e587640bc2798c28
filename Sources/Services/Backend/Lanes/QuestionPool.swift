internal import BackendCore
internal import Chat
internal import Kafka
internal import Linux
internal import Logging
internal import Synchronization

/// Answers questions on threads and connections of their own, so that they never hold up commands (GUARANTEES,
/// rule 13). What is too late is dropped; what does not fit is refused with `overloaded`.
final class QuestionPool: Sendable {
    static let waitingMax = 10_000

    private let queue = Mutex<[IncomingRecord]>([])
    private let isRunning = Atomic<Bool>(true)
    private let wake: EventDescriptor
    private let metrics: BackendMetrics
    private let answers: AnswerProducer
    private let logger: Logger
    private let makeStore: @Sendable (String) -> ChatStore
    private let troubles = Mutex<[Int: String]>([:])
    private let threads = Mutex<[NativeThread]>([])

    init(
        answers: AnswerProducer, metrics: BackendMetrics, logger: Logger,
        makeStore: @escaping @Sendable (String) -> ChatStore
    ) throws(SystemError) {
        self.answers = answers
        self.metrics = metrics
        self.logger = logger
        self.makeStore = makeStore
        wake = try EventDescriptor()
    }

    deinit { wake.close() }

    /// Why PostgreSQL does not answer questions; nil where it does.
    var trouble: String? { troubles.withLock { $0.values.first } }

    func start(threads count: Int) throws(SystemError) {
        for number in 1...max(count, 1) {
            let thread = try NativeThread.start(name: "question-\(number)") { [self] in run(number) }
            threads.withLock { $0.append(thread) }
        }
    }

    /// Lets the threads end once the queue is empty, and waits for them.
    func stop() {
        isRunning.store(false, ordering: .releasing)
        wake.signal()
        for thread in threads.withLock({ $0 }) { thread.join() }
    }

    /// Takes a question in; never waits.
    func ask(_ record: IncomingRecord, topic: Topic, nowMilliseconds: Int64) {
        guard case .success(let headers) = record.headers else { return metrics.question(.malformed) }
        if let notAfter = headers.notAfterMilliseconds, notAfter < nowMilliseconds {
            return metrics.question(.late)
        }
        let isTaken = queue.withLock { queue in
            if queue.count >= Self.waitingMax { return false }
            queue.append(record)
            return true
        }
        if isTaken { return wake.signal() }
        metrics.question(.refused)
        let error = ChatError(.overloaded, "Too many questions are waiting; try again in a moment.")
        guard let replyTo = headers.replyTo else { return }
        var refusal = RecordHeaders(type: headers.type)
        refusal.correlationID = headers.correlationID
        refusal.userID = headers.userID
        refusal.messageID = headers.messageID
        refusal.outcome = .refused
        refusal.traceparent = headers.traceparent
        let answer = OutgoingRecord(
            topic: .chatRoomResponse, partition: replyTo.partition, key: replyTo.answerKey, value: error.json,
            headers: refusal)
        var scratch = KafkaHeaders()
        send([answer], &scratch)
    }

    private func next() -> IncomingRecord? {
        queue.withLock { queue in
            // Those that wait longest are nearest to their deadline.
            queue.isEmpty ? nil : queue.removeFirst()
        }
    }

    private func run(_ number: Int) {
        let store = makeStore("questions \(number)")
        var database = DatabaseStanding()
        var scratch = KafkaHeaders()
        var lastUse: UInt64 = 0
        var running = true
        while running {
            let now = SystemClock.monotonicNanoseconds()
            tend(store, &database, &lastUse, now, number)
            if database.isThere, let question = next() {
                answer(question, store, &database, &scratch)
                lastUse = SystemClock.monotonicNanoseconds()
            } else if !isRunning.load(ordering: .acquiring) {
                running = false
            } else {
                _ = try? Descriptor.waitReadable(wake.descriptor, milliseconds: database.isThere ? 500 : 50)
                wake.clear()
                // Whoever else waits: there may be more than one question.
                if queue.withLock({ $0.count > 1 }) { wake.signal() }
            }
        }
        store.close()
        wake.signal()
    }

    private func tend(
        _ store: ChatStore, _ database: inout DatabaseStanding, _ lastUse: inout UInt64, _ now: UInt64, _ number: Int
    ) {
        let isDue =
            database.isThere ? now >= lastUse + LaneThread.pingNanoseconds : now >= database.retryAt
        guard isDue else { return }
        lastUse = now
        do throws(StoreError) {
            if store.isConnected { try store.ping() } else { try store.connect() }
            database.succeeded()
        } catch {
            database.failed(error.description, isRetriable: error.isRetriable, now: now)
        }
        let trouble = database.trouble
        troubles.withLock { $0[number] = trouble }
    }

    private func answer(
        _ question: IncomingRecord, _ store: ChatStore, _ database: inout DatabaseStanding,
        _ scratch: inout KafkaHeaders
    ) {
        let started = SystemClock.monotonicNanoseconds()
        do throws(StoreError) {
            let applied = try store.answer(question, nowMilliseconds: SystemClock.wallMilliseconds())
            if applied.records.isEmpty { return metrics.question(.late) }
            send(applied.records, &scratch)
            metrics.question(.answered, since: started)
        } catch {
            database.failed(error.description, isRetriable: error.isRetriable, now: started)
            // It is asked again here while its deadline allows.
            queue.withLock { $0.insert(question, at: 0) }
        }
    }

    private func send(_ records: [OutgoingRecord], _ scratch: inout KafkaHeaders) {
        for record in records {
            do throws(KafkaError) {
                try answers.produce(record, owner: AnswerProducer.nobody, batch: 0, headers: &scratch)
            } catch {
                logger.warning("an answer is not produced: \(error)")
            }
        }
    }
}
