import Crypto
import Logging
import Reactor
import Synchronization

/// What the reactors of one front share; all of it may be used from any thread.
final class FrontContext: Sendable {
    let logger: Logger
    let workers: PasswordWorkers
    let origins: OriginPolicy
    let status: FrontStatus
    /// Set where HTTP is encrypted.
    let tls: TLSContext?
    /// The mailbox of each reactor, by its number.
    let mailboxes: [Mailbox<FrontMail>]
    private let metrics = Mutex<[ReactorMetrics]>([])
    private let log = Mutex<FrontLog?>(nil)

    init(
        logger: Logger, workers: PasswordWorkers, origins: OriginPolicy, status: FrontStatus, tls: TLSContext?,
        mailboxes: [Mailbox<FrontMail>]
    ) {
        self.logger = logger
        self.workers = workers
        self.origins = origins
        self.status = status
        self.tls = tls
        self.mailboxes = mailboxes
    }

    /// What each reactor has counted.
    var reactorMetrics: [ReactorMetrics] { metrics.withLock { $0 } }

    func add(_ reactor: ReactorMetrics) { metrics.withLock { $0.append(reactor) } }

    func setLog(_ log: FrontLog) { self.log.withLock { $0 = log } }

    func closeLog() { log.withLock { $0.take() }?.close() }
}
