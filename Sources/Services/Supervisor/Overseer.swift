import Crypto
import JSON
import Linux
import Logging
import Synchronization

/// Carries out what `Supervision` decides: starts processes, hears how they end, asks whether they are ready.
final class Overseer {
    private enum Token { static let signals: UInt64 = 1, broker: UInt64 = 2, demo: UInt64 = 3 }

    let configuration: Supervisor.Configuration
    let data: DataFolder
    let addresses: Addresses
    let cluster: PostgresCluster?
    let logger: Logger
    private let program: String
    /// Nil where fronts do without.
    private let tls: TLSContext?
    private let signals: SignalDescriptor
    private let epoll: Epoll
    private let demoDone: EventDescriptor
    private let over = Stop()
    private var demo: NativeThread?

    var supervision: Supervision
    var known: ChildCommand.Surroundings
    var running: [Child: ChildProcess] = [:]
    /// Those that were ready once; who never was and refuses its flags will not take them the next time either.
    var everReady: Set<Child> = []
    /// PostgreSQL is first asked to end at once, and killed only then.
    var killed: Set<Child> = []
    var brokerOutput: Int32 = -1
    var brokerText: [UInt8] = []
    var status: Int32?
    private var told: Set<String> = []
    private var nextBound = 0

    /// Whether the end has begun, for the thread that makes the demo.
    final class Stop: Sendable { let wanted = Atomic(false) }

    init(
        _ configuration: Supervisor.Configuration, data: DataFolder, addresses: Addresses, cluster: PostgresCluster?,
        signals: SignalDescriptor, logger: Logger
    ) throws(SystemError) {
        self.configuration = configuration
        self.data = data
        self.addresses = addresses
        self.cluster = cluster
        self.signals = signals
        self.logger = logger
        if let given = configuration.executable {
            program = given
        } else {
            program = try OwnProcess.executablePath()
        }
        tls = configuration.usesTLS ? try? TLSContext(trustedFile: nil) : nil
        epoll = try Epoll(readyMax: 16)
        demoDone = try EventDescriptor()
        supervision = Supervision(Overseer.children(configuration))
        let key = try configuration.sessionKey.map { path throws(SystemError) in try File.absolute(path) }
        known = ChildCommand.Surroundings(
            configuration: configuration, addresses: addresses, environment: Environment.all(),
            kafka: configuration.kafka ?? "", postgres: configuration.postgres ?? cluster?.uri ?? "",
            sessionKeyFile: key ?? data.sessionKeyFile)
        try epoll.add(signals.descriptor, [.readable], token: Token.signals)
        try epoll.add(demoDone.descriptor, [.readable], token: Token.demo)
    }

    /// Those that are looked after, in the order in which they are started. The embedded broker makes its topics
    /// itself.
    static func children(_ configuration: Supervisor.Configuration) -> [Child] {
        (configuration.kafka == nil ? [Child(.broker)] : []) + (configuration.postgres == nil ? [Child(.postgres)] : [])
            + (configuration.kafka == nil ? [] : [Child(.topics)]) + [Child(.migrate)]
            + (0..<configuration.backends).map { Child(.backend, $0 + 1) }
            + (0..<configuration.fronts).map { Child(.front, $0 + 1) }
    }

    /// Runs until everything has ended; returns the exit status.
    func run() throws(SystemError) -> Int32 {
        if let kafka = configuration.kafka { try tellKafka(kafka) }
        if let postgres = configuration.postgres { try tellPostgres(postgres) }
        perform(supervision.begin(now: now))
        while status == nil { try turn() }
        over.wanted.store(true, ordering: .relaxed)
        demo?.join()
        demoDone.close()
        return status ?? 1
    }

    private var now: Int { Int(SystemClock.monotonicNanoseconds() / 1_000_000) }

    private func turn() throws(SystemError) {
        let longest = supervision.unready.isEmpty ? 1000 : 50
        let wait = supervision.nextTick.map { max(0, min(longest, $0 - now)) } ?? longest
        let count = try epoll.wait(milliseconds: wait)
        for index in 0..<count {
            switch epoll.event(at: index).token {
            case Token.signals: takeSignals()
            case Token.broker: readBroker()
            default:
                demoDone.clear()
                tellReady()
            }
        }
        reap()
        for child in supervision.unready where isReady(child) {
            everReady.insert(child)
            perform(supervision.becameReady(child, now: now))
        }
        perform(supervision.tick(now: now))
        if now >= nextBound {
            nextBound = now + 30_000
            for child in running.keys { data.boundLog(child) }
        }
    }

    private func takeSignals() {
        while let signal = signals.next() {
            if signal == .child { continue }
            logger.info("ending everything (signal \(signal.number))")
            over.wanted.store(true, ordering: .relaxed)
            perform(supervision.stop(status: 0, now: now))
        }
    }

    func perform(_ actions: [Supervision.Action]) {
        for action in actions {
            switch action {
            case .start(let child): start(child)
            case .terminate(let child): terminate(child)
            case .kill(let child): kill(child)
            case .tellRestart(let child, let milliseconds):
                logger.warning("\(child) is started again in \(Double(milliseconds) / 1000) s")
            case .tellReady: configuration.demo ? makeDemo() : tellReady()
            case .finish(let status): self.status = status
            }
        }
    }

    // MARK: Processes

    private func start(_ child: Child) {
        do throws(SystemError) {
            let log = try data.openLog(child)
            defer { Descriptor.close(log) }
            var options = try options(child)
            options.error = log
            options.output = child.role == .broker ? try brokerPipe() : log
            let process: ChildProcess
            do throws(SystemError) {
                process = try ChildProcess.start(options)
            } catch {
                if child.role == .broker, let writing = options.output { Descriptor.close(writing) }
                throw error
            }
            if child.role == .broker, let writing = options.output { Descriptor.close(writing) }
            running[child] = process
            killed.remove(child)
            try data.writePid(child, process.id)
            logger.info("\(child) runs (pid \(process.id))")
            if child.role == .front { tellFront(child.number) }
        } catch {
            logger.error("\(child) cannot be started: \(error)")
            if running[child] == nil { perform(supervision.ended(child, succeeded: false, now: now)) }
        }
    }

    private func options(_ child: Child) throws(SystemError) -> ChildProcess.Options {
        if child.role == .postgres, let cluster { return cluster.serverOptions() }
        let command = ChildCommand(child, known)
        var options = ChildProcess.Options(path: program, arguments: command.arguments)
        options.environment = command.environment
        // At once: all they hold can be had again, and a stopped one would not hear anything else.
        options.deathSignal = .kill
        return options
    }

    private func terminate(_ child: Child) {
        // PostgreSQL: fast shutdown, which does not wait for clients.
        running[child]?.signal(child.role == .postgres ? .interrupt : .terminate)
        running[child]?.signal(.proceed)
    }

    private func kill(_ child: Child) {
        logger.warning("\(child) does not end; it is killed")
        let first = killed.insert(child).inserted
        running[child]?.signal(child.role == .postgres && first ? .quit : .kill)
    }

    private func reap() {
        for (child, process) in running {
            let ending: ChildProcess.Ending?
            do throws(SystemError) {
                ending = try process.poll()
            } catch {
                ending = .exited(1)
            }
            if let ending { ended(child, ending) }
        }
    }

    private func ended(_ child: Child, _ ending: ChildProcess.Ending) {
        running[child] = nil
        data.removePid(child)
        if child.role == .broker { brokerEnded() }
        let succeeded = ending == .exited(0)
        if !supervision.isEnding(child), !(child.endsByItself && succeeded) { tellEnding(child, ending) }
        // Exit status 2 is about flags (CONTRACT section 1); they will not be better the next time.
        if ending == .exited(2), !everReady.contains(child), child.role != .postgres, !supervision.isStopping {
            let actions = supervision.stop(status: 2, now: now)
            perform(supervision.ended(child, succeeded: false, now: now))
            return perform(actions)
        }
        perform(supervision.ended(child, succeeded: succeeded, now: now))
    }

    private func tellEnding(_ child: Child, _ ending: ChildProcess.Ending) {
        switch ending {
        case .exited(let status):
            let line = data.lastLine(child)
            let message = (try? JSONParser.parse(Array(line.utf8)))?["message"]?.string ?? line
            logger.warning("\(child) ended with status \(status): \(message)")
        case .signaled(let signal): logger.warning("\(child) was ended by signal \(signal)")
        }
    }

    private func isReady(_ child: Child) -> Bool {
        switch child.role {
        // It tells by itself; these end.
        case .broker, .topics, .migrate: return false
        case .postgres:
            guard let cluster, cluster.isReady() else { return false }
            return (try? tellPostgres(cluster.uri)) != nil
        case .backend: return answers(addresses.backendHTTP[child.number - 1], tls: nil)
        case .front: return answers(addresses.http[child.number - 1], tls: tls)
        }
    }

    private func answers(_ address: Addresses.Address, tls: TLSContext?) -> Bool {
        LoopbackHTTP(address: address, tls: tls, timeoutMilliseconds: 500).ask("GET", "/readyz")?.status == 200
    }

    // MARK: The broker's output

    private func brokerPipe() throws(SystemError) -> Int32 {
        brokerEnded()
        let (reading, writing) = try Descriptor.pipe()
        try Descriptor.setBlocking(reading, false)
        try epoll.add(reading, [.readable], token: Token.broker)
        brokerOutput = reading
        return writing
    }

    private func brokerEnded() {
        guard brokerOutput >= 0 else { return }
        epoll.remove(brokerOutput)
        Descriptor.close(brokerOutput)
        brokerOutput = -1
        brokerText = []
        // Its port again, unless it could not have that.
        if !everReady.contains(Child(.broker)) { known.brokerListen = "127.0.0.1:0" }
        everReady.remove(Child(.broker))
    }

    private func readBroker() {
        guard brokerOutput >= 0 else { return }
        var chunk = [UInt8](repeating: 0, count: 4096)
        guard case .bytes(let count) = chunk.withUnsafeMutableBytes({ Descriptor.read(brokerOutput, into: $0) }) else {
            return epoll.remove(brokerOutput)
        }
        brokerText = (brokerText + chunk[..<count]).suffix(4096)
        for line in String(decoding: brokerText, as: UTF8.self).split(separator: "\n")
        where line.hasPrefix("bootstrap ") && brokerText.last == UInt8(ascii: "\n") {
            let bootstrap = String(line.dropFirst("bootstrap ".count))
            brokerText = []
            known.kafka = bootstrap
            known.brokerListen = bootstrap
            everReady.insert(Child(.broker))
            do throws(SystemError) {
                try tellKafka(bootstrap)
            } catch {
                logger.error("\(error)")
            }
            perform(supervision.becameReady(Child(.broker), now: now))
        }
    }

    // MARK: What is told

    private func tellKafka(_ bootstrap: String) throws(SystemError) {
        try data.writeKafka(bootstrap)
        tell("kafka \(bootstrap)")
    }

    private func tellPostgres(_ uri: String) throws(SystemError) {
        try data.writePostgres(uri)
        tell("postgres \(uri)")
    }

    private func tellFront(_ number: Int) {
        tell("stomp \(addresses.stomp[number - 1])")
        tell("front \(url(number))")
    }

    private func url(_ number: Int) -> String {
        "\(configuration.usesTLS ? "https" : "http")://\(addresses.http[number - 1])"
    }

    private func tellReady() {
        guard !supervision.isStopping else { return }
        tell("ready \(url(1))")
        logger.info("ready: \(url(1))")
    }

    /// Each line once, on standard output.
    private func tell(_ line: String) {
        guard told.insert(line).inserted else { return }
        Array("\(line)\n".utf8).withUnsafeBytes { try? Descriptor.writeAll(1, $0) }
    }

    /// On a thread of its own: the children are looked after meanwhile.
    private func makeDemo() {
        let stop = over
        let demo = Demo(
            http: LoopbackHTTP(address: addresses.http[0], tls: tls, timeoutMilliseconds: 7000), logger: logger,
            isOver: { stop.wanted.load(ordering: .relaxed) })
        let done = demoDone
        do throws(SystemError) {
            self.demo = try NativeThread.start(name: "demo") {
                demo.make()
                done.signal()
            }
        } catch {
            logger.error("demo: \(error)")
            tellReady()
        }
    }
}
