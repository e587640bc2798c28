import Chat
import Crypto
import FrontCore
import Kafka
import Linux
import Logging
import Reactor
import Synchronization
import Topics

/// A front between its start and its end: ports, reactors, and the thread that connects it to the log.
final class RunningFront {
    let httpAddress: SocketAddress
    let stompAddress: SocketAddress?
    /// `http`, or `https` with TLS.
    var scheme: String { context.tls == nil ? "http" : "https" }
    private let configuration: FrontConfiguration
    private let context: FrontContext
    private let topics: TopicList
    private let settings: FrontSettings
    private let logger: Logger
    private var threads: [NativeThread] = []

    /// Why a front does not start.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// Opens the ports and starts the reactors; the log is connected by `serve`.
    init(
        _ configuration: FrontConfiguration, topics: TopicList, logger: Logger
    ) throws {
        self.configuration = configuration
        self.topics = topics
        self.logger = logger
        // A first port that is chosen by the system is the same for every reactor.
        let first = try RunningFront.listen(configuration.http, flag: "--http", reactors: configuration.reactors)
        httpAddress = try Socket.localAddress(first)
        var stomp: Int32?
        if let wanted = configuration.stomp {
            stomp = try RunningFront.listen(wanted, flag: "--stomp", reactors: configuration.reactors)
        }
        stompAddress = try stomp.map { try Socket.localAddress($0) }
        settings = RunningFront.settings(configuration, topics: topics)
        _ = OwnProcess.raiseDescriptorLimit(to: configuration.connectionsMax)
        context = FrontContext(
            logger: logger, workers: try PasswordWorkers(),
            origins: OriginPolicy(listed: configuration.origins, isLoopback: httpAddress.isLoopback),
            status: FrontStatus(), tls: try RunningFront.tls(configuration),
            mailboxes: try (0..<configuration.reactors).map { _ in try Mailbox() })
        for index in 0..<configuration.reactors {
            let http =
                index == 0 ? first : try Socket.listen(httpAddress, reusePort: true)
            let plain: Int32? =
                if index == 0 { stomp } else { try stompAddress.map { try Socket.listen($0, reusePort: true) } }
            try start(index, http: http, stomp: plain)
        }
    }

    private static func listen(_ address: String, flag: String, reactors: Int) throws -> Int32 {
        guard let (host, port) = SocketAddress.split(address) else {
            throw Failure(description: "\(flag) \(address): wanted is HOST:PORT")
        }
        guard let resolved = try SocketAddress.resolve(host: host, port: port).first else {
            throw Failure(description: "\(flag) \(address): the host is not known")
        }
        do throws(SystemError) {
            return try Socket.listen(resolved, reusePort: reactors > 1)
        } catch {
            let mend = error.isAddressInUse ? "; another process has the port: choose another one with \(flag)" : ""
            throw Failure(description: "\(flag) \(address): \(error)\(mend)")
        }
    }

    private static func tls(_ configuration: FrontConfiguration) throws(TLSError) -> TLSContext? {
        guard let certificate = configuration.tlsCertificateFile, let key = configuration.tlsKeyFile else { return nil }
        return try TLSContext(certificateFile: certificate, keyFile: key)
    }

    private static func settings(
        _ configuration: FrontConfiguration, topics: TopicList
    ) -> FrontSettings {
        let boot = MessageID(
            milliseconds: SystemClock.wallMilliseconds(), random: (SystemRandom.next(), SystemRandom.next()))
        let frontID = configuration.frontID ?? "\(OwnProcess.hostName())-\(OwnProcess.id)-\(boot.low & 0xFFFF)"
        let partitions = [Topic.chatRoomResponse, .userResponse].map { topics[name: $0.rawValue]?.partitions ?? 1 }
        let choice = boot.low % UInt64(max(1, partitions.min() ?? 1))
        var settings = FrontSettings(
            frontID: frontID, boot: boot, replyPartition: Int32(choice), keys: configuration.keys)
        settings.commandMilliseconds = Int64(configuration.commandSeconds) * 1000
        settings.confirmMilliseconds = Int64(configuration.confirmSeconds) * 1000
        settings.loginsPerMinute = configuration.loginsPerMinute
        settings.connectionsPerUserMax = configuration.connectionsPerUserMax
        settings.subscriptionsPerConnectionMax = configuration.subscriptionsPerConnectionMax
        settings.pendingPerConnectionMax = configuration.pendingPerConnectionMax
        settings.publicURL = configuration.publicURL
        settings.isSecure = configuration.tlsCertificateFile != nil
        return settings
    }

    private func start(_ index: Int, http: Int32, stomp: Int32?) throws {
        var limits = ReactorConfiguration()
        limits.connectionsMax = max(1, configuration.connectionsMax / configuration.reactors)
        limits.outputBytesMax = configuration.outputBytesMax
        limits.stalledMilliseconds = configuration.stalledSeconds * 1000
        let limitsOfAll = limits
        let settings = settings
        let configuration = configuration
        let context = context
        let logger = logger
        let thread = try NativeThread.start(name: "reactor-\(index)", stackBytes: 8 << 20) {
            let clock = FrontClock(
                wallMilliseconds: SystemClock.wallMilliseconds(),
                monotonicMilliseconds: Int64(SystemClock.monotonicNanoseconds() / 1_000_000))
            let node = FrontNode(settings: settings, clock: clock, random: SystemRandomNumbers(), reactor: index)
            let handler = FrontReactor(index: index, node: node, configuration: configuration, context: context)
            do throws(SystemError) {
                let reactor = try Reactor(
                    configuration: limitsOfAll, handler: handler, mailbox: context.mailboxes[index])
                context.add(reactor.metrics)
                try reactor.addListener(http)
                if let stomp { try reactor.addListener(stomp) }
                try reactor.run()
            } catch {
                logger.error("reactor \(index) ended: \(error)")
                OwnProcess.exit(1)
            }
        }
        threads.append(thread)
    }

    /// Connects to the log, serves until told to stop, and lets clients go. Returns the exit status.
    func serve(waitForStop: (Int) -> Bool) -> Int32 {
        switch connect(waitForStop: waitForStop) {
        case .stopped: return 0
        case .failed: return 1
        case .connected(let log):
            logger.info("serves \(scheme)://\(httpAddress) as \(settings.frontID)")
            while !waitForStop(1000) {
                let isReachable = log.isReachable()
                context.status.noteKafka(isReachable ? nil : log.trouble ?? "kafka: no broker answers")
            }
            drain()
            return 0
        }
    }

    private enum Connection {
        case connected(FrontLog)
        case stopped
        case failed
    }

    /// Tries until Kafka is there, and says every few seconds what it waits for.
    private func connect(waitForStop: (Int) -> Bool) -> Connection {
        var kafka = KafkaConfiguration(bootstrap: configuration.kafka, clientID: settings.frontID)
        let logger = logger
        kafka.onLog = { line in logger.log(line.level <= 4 ? .info : .debug, "kafka \(line.facility): \(line.message)")
        }
        context.status.noteKafka("kafka: not connected yet")
        var tried = 0
        while !waitForStop(tried == 0 ? 0 : 300) {
            tried += 1
            do throws(KafkaError) {
                let comparison = try TopicComparison.make(topics, try KafkaAdmin(kafka), deadlineMilliseconds: 3000)
                for warning in comparison.warnings where tried == 1 { logger.warning(warning) }
                guard comparison.refusals.isEmpty else {
                    for refusal in comparison.refusals { logger.error(refusal) }
                    return .failed
                }
                kafka.isEmbedded = comparison.isEmbedded
                return .connected(try open(kafka))
            } catch {
                context.status.noteKafka("kafka: \(error.message)")
                if tried % 5 == 1 { logger.warning("waits for Kafka at \(configuration.kafka): \(error.message)") }
            }
        }
        return .stopped
    }

    private func open(_ kafka: KafkaConfiguration) throws(KafkaError) -> FrontLog {
        let mailboxes = context.mailboxes
        let log = try FrontLog(kafka, boot: settings.boot, logger: logger) { counter, maybe in
            mailboxes[Int(counter >> 48) % mailboxes.count].post(.failed(counter: counter, maybe: maybe))
        }
        var partitions: [Topic: [Int32]] = [:]
        for topic in [Topic.chatMessageResponse, .userResponse, .session] {
            partitions[topic] = (0..<Int32(topics[name: topic.rawValue]?.partitions ?? 1)).map { $0 }
        }
        partitions[.chatRoomResponse] = [settings.replyPartition]
        let status = context.status
        let listener = FrontLog.Listener(
            batch: { batch in for mailbox in mailboxes { mailbox.post(.batch(batch)) } },
            gap: { for mailbox in mailboxes { mailbox.post(.gap) } })
        do throws(SystemError) {
            try log.read(partitions: partitions, to: listener) {
                status.noteSessionsRead()
                status.noteKafka(nil)
                for mailbox in mailboxes { mailbox.post(.connected(log)) }
            }
        } catch {
            throw KafkaError(rawCode: -1, message: "\(error)")
        }
        context.setLog(log)
        return log
    }

    /// Tells every client to come back elsewhere, and gives them a moment to hear it.
    private func drain() {
        logger.info("ends: clients are told to come back")
        for mailbox in context.mailboxes { mailbox.post(.drain) }
        let end = SystemClock.monotonicNanoseconds() + 3_000_000_000
        while context.reactorMetrics.contains(where: { $0.counters.open > 0 }),
            SystemClock.monotonicNanoseconds() < end
        { SystemClock.sleep(milliseconds: 20) }
    }

    /// Ends the threads and the link to the log.
    func close() {
        for mailbox in context.mailboxes { mailbox.stop() }
        for thread in threads { thread.join() }
        context.workers.close()
        context.closeLog()
    }
}

/// The system's random numbers, fit for secrets.
struct SystemRandomNumbers: RandomNumberGenerator {
    mutating func next() -> UInt64 { SystemRandom.next() }
}
