internal import Kafka
internal import Linux
internal import Logging

/// One run of a backend, from the first look at Kafka to the last answer.
struct BackendRun {
    /// A lane that has not gone round for so long is told of; for so much longer, the process ends, to be started anew.
    static let slowNanoseconds: UInt64 = 30_000_000_000
    static let deadNanoseconds: UInt64 = 90_000_000_000

    let configuration: Backend.Configuration
    let logger: Logger
    let status = BackendStatus()

    init(_ configuration: Backend.Configuration, logger: Logger) {
        self.configuration = configuration
        self.logger = logger
    }

    func run(_ waitForStop: Backend.WaitForStop) -> Int32 {
        let http: BackendHTTP?
        do throws(SystemError) {
            http = try configuration.http.map { address throws(SystemError) in try startHTTP(address) }
        } catch {
            logger.error("the pages cannot be served: \(error)")
            return 1
        }
        defer { http?.stop() }
        var kafka = configuration.kafka
        if kafka.onLog == nil {
            let logger = logger
            kafka.onLog = { logger.kafka($0) }
        }
        switch awaitKafka(&kafka, waitForStop) {
        case .stopped: return 0
        case .refused: return 1
        case .ready(let answers):
            defer { answers.close(deadlineMilliseconds: 2_000) }
            return work(kafka, answers, waitForStop)
        }
    }

    private func startHTTP(_ address: SocketAddress) throws(SystemError) -> BackendHTTP {
        let status = status
        let http = try BackendHTTP(
            address,
            pages: .init(notReady: { status.notReady }, metrics: { (BackendStatus.metricsType, status.metricsText) }))
        logger.info("http://\(http.address)/readyz, /healthz and /metrics")
        return http
    }

    private enum Start {
        case ready(AnswerProducer)
        case refused
        case stopped
    }

    /// Waits for Kafka, looks at the topics, and fetches what the producer must know.
    private func awaitKafka(_ kafka: inout KafkaConfiguration, _ waitForStop: Backend.WaitForStop) -> Start {
        var lastWords = SystemClock.monotonicNanoseconds() &- 10_000_000_000
        repeat {
            do throws(KafkaError) {
                kafka.isEmbedded = try KafkaAdmin(kafka).isEmbedded(deadlineMilliseconds: 2_000)
                let findings = try configuration.topics(kafka)
                for warning in findings.warnings { logger.warning(warning) }
                if !findings.refusals.isEmpty {
                    for refusal in findings.refusals { logger.error(refusal) }
                    return .refused
                }
                return .ready(try AnswerProducer(kafka))
            } catch {
                let why = "kafka: \(kafka.bootstrap): \(error)"
                status.change { $0.obstacle = [why] }
                let now = SystemClock.monotonicNanoseconds()
                if now - lastWords >= 3_000_000_000 {
                    lastWords = now
                    logger.warning("waiting for \(why)")
                }
            }
        } while !waitForStop(250)
        return .stopped
    }

    private func work(
        _ kafka: KafkaConfiguration, _ answers: AnswerProducer, _ waitForStop: Backend.WaitForStop
    ) -> Int32 {
        let (store, logger, status) = (configuration.store, logger, status)
        let makeStore: @Sendable (String) -> ChatStore = { name in
            var own = store
            own.applicationName = "\(store.applicationName) \(name)"
            return ChatStore(own) { _, text in logger.debug("postgres: \(text)") }
        }
        do {
            let questions = try QuestionPool(
                answers: answers, metrics: status.metrics, logger: logger, makeStore: makeStore)
            if configuration.roles.contains(.chat) { try questions.start(threads: configuration.questionThreads) }
            defer { questions.stop() }
            let shared = BackendShared(
                kafka: kafka, answers: answers, questions: questions, metrics: status.metrics, logger: logger,
                makeStore: makeStore, wish: Failpoint.Wish(configuration.failpoint))
            let lanes = try startLanes(shared)
            defer { stop(lanes) }
            let controls = lanes.map(\.control)
            status.change { state in
                state.lanes = controls
                state.questions = questions
                state.answers = answers
                state.obstacle = []
            }
            let watcher = try Watcher(status, kafka: kafka, logger: logger)
            defer { watcher.stop() }
            let status = watch(lanes, waitForStop)
            // Lanes finish while the watcher ends.
            for lane in lanes { lane.control.stop() }
            return status
        } catch {
            logger.error("\(error)")
            return 1
        }
    }

    private struct RunningLane {
        let control: LaneControl
        let thread: NativeThread
    }

    private func startLanes(_ shared: BackendShared) throws -> [RunningLane] {
        var lanes: [RunningLane] = []
        for role in configuration.roles.sorted(by: { $0.rawValue < $1.rawValue }) where !role.topics.isEmpty {
            for number in 1...max(configuration.lanes, 1) {
                let control = LaneControl(name: "\(role.rawValue)-\(number)", role: role)
                let thread = try NativeThread.start(name: control.name) {
                    do throws(KafkaError) {
                        try LaneThread(role, control: control, shared: shared).run()
                    } catch {
                        shared.logger.error("the lane \(control.name) does not start: \(error)")
                        control.stop()
                    }
                }
                lanes.append(RunningLane(control: control, thread: thread))
            }
        }
        return lanes
    }

    private func watch(_ lanes: [RunningLane], _ waitForStop: Backend.WaitForStop) -> Int32 {
        while !waitForStop(500) {
            let now = SystemClock.monotonicNanoseconds()
            for lane in lanes {
                if !lane.control.isRunning { return 1 }
                let age = now &- lane.control.lastTurnNanoseconds
                // The clock was read before the lane's own note.
                if Int64(bitPattern: age) < 0 || age < Self.slowNanoseconds { continue }
                logger.error("the lane \(lane.control.name) has stood still for \(age / 1_000_000_000) s")
                if age >= Self.deadNanoseconds { OwnProcess.exit(1) }
            }
        }
        return 0
    }

    private func stop(_ lanes: [RunningLane]) {
        logger.info("stopping")
        for lane in lanes { lane.control.stop() }
        for lane in lanes { lane.thread.join() }
    }
}

extension Logger {
    /// Writes a line of librdkafka's log.
    fileprivate func kafka(_ line: KafkaLogLine) {
        let level: LogLevel = line.level <= 3 ? .error : line.level == 4 ? .warning : line.level == 7 ? .debug : .info
        log(level, "kafka \(line.facility): \(line.message)")
    }
}
