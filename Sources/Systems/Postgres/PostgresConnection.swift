import CPostgres

/// One connection to PostgreSQL, made anew by its owner after a failure.
///
/// Every wait ends at a deadline of our own (GUARANTEES, libpq: `tcp_user_timeout` does not see a middlebox that
/// acknowledges and delivers nothing). It belongs to the thread that first uses it; another one traps.
package final class PostgresConnection {
    /// Limits in time. Those of the session are the server's; the rest are ours.
    package struct Limits: Sendable {
        /// How long each may take.
        package var connectMilliseconds = 3000
        package var statementMilliseconds = 5000
        package var lockMilliseconds = 3000
        package var idleInTransactionMilliseconds = 5000
        /// What a statement's answer may take beyond `statementMilliseconds` before the connection is given up.
        package var answerGraceMilliseconds = 3000
        /// Further settings of the session, as `-c name=value`.
        package var sessionOptions = ""

        /// GUARANTEES' values.
        package init() {}
    }

    /// Takes what the server says beside its answers: a severity and one line.
    package typealias NoticeHandler = (_ severity: String, _ message: String) -> Void

    /// What the connection was made with.
    package let uri: PostgresURI
    package let limits: Limits
    private let applicationName: String
    private let notices: NoticeBox
    var confinement = Confinement()
    var handle: OpaquePointer?
    /// Names of the statements this session has prepared.
    var prepared: Set<UInt> = []

    /// Describes a connection; `connect()` opens it.
    package init(
        _ uri: PostgresURI, applicationName: String, limits: Limits = Limits(),
        onNotice: @escaping NoticeHandler = { _, _ in }
    ) {
        self.uri = uri
        self.limits = limits
        self.applicationName = applicationName
        notices = NoticeBox(onNotice)
    }

    deinit { PQfinish(handle) }

    /// Whether there is a connection that was not seen to fail.
    package var isConnected: Bool { handle != nil }

    /// The server's process id for this session, 0 without one.
    package var serverProcess: Int32 { PQbackendPID(handle) }

    /// Whether the session is inside a transaction, failed or not.
    package var isInTransaction: Bool {
        let status = PQtransactionStatus(handle)
        return status == PQTRANS_INTRANS || status == PQTRANS_INERROR || status == PQTRANS_ACTIVE
    }

    /// Opens the connection; an open one is closed first.
    ///
    /// The wait is ours save for resolving a host's name, which libpq does inside its first call.
    /// - Throws: `connectFailed`, `deadlinePassed`.
    package func connect() throws(PostgresError) {
        confinement.check()
        close()
        let deadline = Deadline.after(milliseconds: limits.connectMilliseconds)
        guard let handle = start() else { throw PostgresError(.connectFailed, message: "out of memory") }
        PQsetNoticeReceiver(handle, receiveNotice, Unmanaged.passUnretained(notices).toOpaque())
        do throws(PostgresError) {
            try finish(handle, deadline)
        } catch {
            PQfinish(handle)
            throw error
        }
        _ = PQsetnonblocking(handle, 1)
        self.handle = handle
    }

    /// Closes the connection; again is harmless.
    package func close() {
        confinement.check()
        guard let handle else { return }
        self.handle = nil
        prepared.removeAll()
        PQfinish(handle)
    }

    private func start() -> OpaquePointer? {
        var settings = uri.settings
        let defaults = [
            ("target_session_attrs", "read-write"), ("tcp_user_timeout", "5000"), ("keepalives", "1"),
            ("application_name", applicationName), ("client_encoding", "UTF8"),
        ]
        for (key, value) in defaults where settings[key] == nil { settings[key] = value }
        // Those given in the URI come last and win.
        settings["options"] = sessionOptions + (settings["options"].map { " " + $0 } ?? "")
        let pairs = settings.sorted { $0.key < $1.key }
        let keywords = CStrings(pairs.map(\.key))
        let values = CStrings(pairs.map(\.value))
        return PQconnectStartParams(keywords.pointers, values.pointers, 0)
    }

    private var sessionOptions: String {
        "-c statement_timeout=\(limits.statementMilliseconds) -c lock_timeout=\(limits.lockMilliseconds) "
            + "-c idle_in_transaction_session_timeout=\(limits.idleInTransactionMilliseconds) \(limits.sessionOptions)"
    }

    /// PostgreSQL 15, 34.1 "PQconnectStartParams": before the first poll it is as if it had said WRITING.
    private func finish(_ handle: OpaquePointer, _ deadline: Deadline) throws(PostgresError) {
        guard PQstatus(handle) != CONNECTION_BAD else { throw lastError(handle, .connectFailed) }
        var state = PGRES_POLLING_WRITING
        while state != PGRES_POLLING_OK {
            try wait(
                handle, reading: state == PGRES_POLLING_READING, writing: state == PGRES_POLLING_WRITING, deadline)
            state = PQconnectPoll(handle)
            if state == PGRES_POLLING_FAILED { throw lastError(handle, .connectFailed) }
        }
    }
}

/// Keeps the handler at one address for libpq's callback; the connection that gives it to libpq owns it.
final class NoticeBox {
    let handler: PostgresConnection.NoticeHandler

    init(_ handler: @escaping PostgresConnection.NoticeHandler) { self.handler = handler }
}

private func receiveNotice(_ context: UnsafeMutableRawPointer?, _ result: OpaquePointer?) {
    guard let context, let result else { return }
    let box = Unmanaged<NoticeBox>.fromOpaque(context).takeUnretainedValue()
    box.handler(field(result, madang_diag_severity), field(result, madang_diag_message_primary))
}
