import Crypto
import Linux
import Logging
import Postgres

/// The private PostgreSQL: a cluster in the data folder, made at first use.
struct PostgresCluster: Sendable {
    /// Why there is none.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// The folder with `data` and the password.
    let folder: String
    /// Where PostgreSQL's programs see it: elsewhere where their user cannot come to it.
    let seenFolder: String
    let programs: PostgresPrograms
    /// The unprivileged user, where `up` runs as root: PostgreSQL refuses to.
    let user: UserAccount?
    let port: UInt16
    private let password: String

    private var dataFolder: String { folder + "/data" }
    private var seenDataFolder: String { seenFolder + "/data" }
    private var bound: (folder: String, at: String)? { seenFolder == folder ? nil : (folder, seenFolder) }

    /// The database of Madang, for everyone who has the password.
    var uri: String { "postgres://madang:\(password)@127.0.0.1:\(port)/madang" }

    /// Finds the programs, makes the cluster where there is none, and ends a server that a killed `up` has left behind.
    static func prepare(in data: DataFolder, logger: Logger) throws -> PostgresCluster {
        let user = try account()
        let (folder, seenFolder) = try place(data, user, logger)
        let version = (try? File.readText(folder + "/data/PG_VERSION"))?.split(whereSeparator: \.isWhitespace).first
        guard let programs = PostgresPrograms.find(version: version.flatMap { Int($0) }) else {
            let which = version.map { " \($0)" } ?? ""
            throw Failure(
                description: "PostgreSQL\(which) is not installed (no initdb): apt-get install postgresql-15, "
                    + "or give --postgres URI")
        }
        let password = try password(folder)
        let port = try freePort(preferring: try? File.readText(folder + "/port"))
        try File.replace(folder + "/port", with: Array("\(port)\n".utf8))
        let cluster = PostgresCluster(
            folder: folder, seenFolder: seenFolder, programs: programs, user: user, port: port, password: password)
        try cluster.endStale(logger)
        if version == nil { try cluster.initialize(data, logger) }
        return cluster
    }

    private static func account() throws -> UserAccount? {
        guard UserAccount.isRoot else { return nil }
        guard let user = UserAccount.named("postgres") ?? UserAccount.named("nobody") else {
            throw Failure(description: "PostgreSQL does not run as root, and there is neither user postgres nor nobody")
        }
        return user
    }

    /// Where everyone's programs may see the folder of a cluster.
    private static let common = "/var/lib/madang"

    /// The folder, and where PostgreSQL's programs see it. Where their user cannot come to it (it is under /root), it
    /// is shown to them at another place; and where the system does not allow that (a container without CAP_SYS_ADMIN),
    /// the folder is a link to one of its own outside.
    private static func place(_ data: DataFolder, _ user: UserAccount?, _ logger: Logger) throws -> (String, String) {
        var folder = data.postgresFolder
        if File.exists(folder) {
            folder = try File.absolute(folder)
        } else {
            try File.makeFolder(folder)
        }
        guard let user, !canReach(folder, user, bound: nil) else { return (folder, folder) }
        let shown = common + "/shown"
        try File.makeFolder(shown)
        if canReach(shown, user, bound: (folder, shown)) { return (folder, shown) }
        guard try File.names(in: folder).isEmpty else {
            throw Failure(description: "user \(user.name) cannot come to \(folder): give --data another folder")
        }
        let name = SecureRandom.bytes(8).map { format($0) }.joined()
        let other = "\(common)/postgres-\(name)"
        try File.makeFolder(other)
        File.removeFolder(folder)
        try File.link(folder, to: other)
        logger.info("user \(user.name) cannot come to \(folder): PostgreSQL's files are in \(other)")
        return (other, other)
    }

    private static func format(_ byte: UInt8) -> String { (byte < 16 ? "0" : "") + String(byte, radix: 16) }

    private static func canReach(_ path: String, _ user: UserAccount, bound: (folder: String, at: String)?) -> Bool {
        var options = ChildProcess.Options(path: "/bin/sh", arguments: ["-c", "cd \"$1\"", "sh", path])
        options.user = user
        options.bound = bound
        guard let child = try? ChildProcess.start(options) else { return false }
        return (try? child.wait()) == .exited(0)
    }

    private static func password(_ folder: String) throws(SystemError) -> String {
        let file = folder + "/password"
        if let text = try? File.readText(file), !text.isEmpty { return text }
        let made = Base64.encodeURL(SecureRandom.bytes(24))
        try File.replace(file, with: Array(made.utf8), mode: 0o600)
        return made
    }

    private static func freePort(preferring text: String?) throws(SystemError) -> UInt16 {
        let wanted = text.flatMap { UInt16($0.split(whereSeparator: \.isWhitespace).first ?? "") }
        for port in [wanted, 0].compactMap({ $0 }) {
            guard let address = try SocketAddress.resolve(host: "127.0.0.1", port: port).first,
                let descriptor = try? Socket.listen(address, reusePort: false)
            else { continue }
            defer { Descriptor.close(descriptor) }
            return try Socket.localAddress(descriptor).port
        }
        throw SystemError(call: "bind 127.0.0.1:0", code: 98)
    }

    // MARK: Making it

    private func initialize(_ data: DataFolder, _ logger: Logger) throws {
        logger.info("PostgreSQL: making a cluster in \(folder)")
        // What an interrupted initdb has left; PG_VERSION comes late, and its absence says so.
        let unfinished = folder + "/making"
        File.removeFolder(unfinished)
        try File.makeFolder(unfinished, mode: 0o700)
        let secret = folder + "/password.initdb"
        try File.replace(secret, with: Array(password.utf8), mode: 0o600)
        defer { File.remove(secret) }
        if let user {
            try File.setOwner(unfinished, user)
            try File.setOwner(secret, user)
        }
        let log = try data.openLog(Child(.postgres))
        defer { Descriptor.close(log) }
        var options = ChildProcess.Options(
            path: programs.initdb,
            arguments: [
                "-D", seenFolder + "/making", "-U", "madang", "--pwfile=\(seenFolder)/password.initdb",
                "--auth=scram-sha-256", "--encoding=UTF8",
                "--locale=C.UTF-8", "--data-checksums", "--no-instructions",
            ])
        options.user = user
        options.bound = bound
        options.environment = environment
        options.directory = "/"
        options.output = log
        options.error = log
        options.deathSignal = .kill
        guard try ChildProcess.start(options).wait() == .exited(0) else {
            throw Failure(description: "initdb failed: \(data.lastLine(Child(.postgres)))")
        }
        File.removeFolder(dataFolder)
        try File.move(unfinished, to: dataFolder)
    }

    /// Its messages are read by us and by people who look into the log.
    private var environment: [String] {
        ["PATH=\(Environment.value("PATH") ?? "/usr/bin:/bin")", "LC_ALL=C.UTF-8", "TZ=UTC"]
    }

    /// The server's command. Commits are on disk before they are confirmed; texts of people stay out of the log.
    func serverOptions() -> ChildProcess.Options {
        var settings = [
            "listen_addresses=127.0.0.1", "port=\(port)", "unix_socket_directories=", "max_connections=100",
            "shared_buffers=128MB", "fsync=on", "synchronous_commit=on", "full_page_writes=on", "wal_level=replica",
            "max_wal_size=1GB", "checkpoint_completion_target=0.9", "max_parallel_workers_per_gather=0",
            "password_encryption=scram-sha-256", "log_min_messages=warning", "log_min_error_statement=panic",
            "log_parameter_max_length_on_error=0", "log_destination=stderr", "logging_collector=off",
            "log_line_prefix=%m [%p] ", "timezone=UTC", "log_timezone=UTC",
        ]
        if seenFolder.utf8.count < 80 { settings[2] = "unix_socket_directories=\(seenDataFolder)" }
        var options = ChildProcess.Options(
            path: programs.server, arguments: ["-D", seenDataFolder] + settings.flatMap { ["-c", $0] })
        options.user = user
        options.bound = bound
        options.environment = environment
        options.directory = "/"
        // Immediate shutdown: quick, and the write-ahead log has everything. With a slow one the next `up` would wait.
        options.deathSignal = .quit
        return options
    }

    /// Whether it answers; then makes sure that the database is there.
    func isReady() -> Bool {
        guard let uri = try? PostgresURI(uri) else { return false }
        var limits = PostgresConnection.Limits()
        limits.connectMilliseconds = 1000
        let connection = PostgresConnection(uri.with(database: "postgres"), applicationName: "up", limits: limits)
        do throws(PostgresError) {
            try connection.connect()
            let there = try connection.run("SELECT 1 FROM pg_database WHERE datname = 'madang'").count
            // It copies a template, which takes longer than a statement may.
            if there == 0 {
                _ = try connection.run("SET statement_timeout = '60s'")
                _ = try connection.run("CREATE DATABASE madang", answerMilliseconds: 60_000)
            }
            connection.close()
            return true
        } catch {
            return false
        }
    }

    // MARK: One that was left behind

    /// The kernel ends a server whose `up` is killed, but not at once, and not one that is stopped.
    private func endStale(_ logger: Logger) throws {
        let file = dataFolder + "/postmaster.pid"
        guard let text = try? File.readText(file),
            let pid = Int32(text.split(whereSeparator: \.isNewline).first ?? "")
        else { return }
        guard isOurs(pid) else { return File.remove(file) }
        logger.warning("PostgreSQL of an earlier run still runs (pid \(pid)); ending it")
        try? Signal.quit.send(to: pid)
        try? Signal.proceed.send(to: pid)
        if !SystemClock.waitUntil(milliseconds: 6000, { !isOurs(pid) }) {
            try? Signal.kill.send(to: pid)
            // Its own processes notice within a second; until then they hold its shared memory.
            guard SystemClock.waitUntil(milliseconds: 5000, { !isOurs(pid) }) else {
                throw Failure(description: "PostgreSQL of an earlier run (pid \(pid)) cannot be ended")
            }
        }
    }

    /// Whether the process is a server on this cluster, not one that has got an old number.
    private func isOurs(_ pid: Int32) -> Bool {
        OwnProcess.isAlive(pid) && File.areSame("/proc/\(pid)/cwd", dataFolder)
    }
}
