import Crypto
import Linux

/// The folder of `--data`: `run/NAME.pid`, `logs/NAME.log`, and what the services share.
struct DataFolder: Sendable {
    /// A log larger than this is moved to `NAME.log.1`, whose predecessor goes.
    static let logBytesMax = 16 * 1024 * 1024

    let path: String

    /// Makes it where it is not there.
    init(_ path: String) throws(SystemError) {
        try File.makeFolder(path)
        self.path = try File.absolute(path)
        try File.makeFolder(self.path + "/run")
        try File.makeFolder(self.path + "/logs")
    }

    /// The lock that says which `up` owns the folder.
    var ownerFile: String { path + "/run/up.pid" }
    var postgresFolder: String { path + "/postgres" }
    var sessionKeyFile: String { path + "/run/session.key" }

    func pidFile(_ child: Child) -> String { "\(path)/run/\(child).pid" }
    func logFile(_ child: Child) -> String { "\(path)/logs/\(child).log" }

    /// 32 random bytes as 64 hexadecimal digits, made once and for its owner alone.
    func makeSessionKey() throws(SystemError) {
        guard !File.exists(sessionKeyFile) else { return try File.setMode(sessionKeyFile, 0o600) }
        let digits = Array("0123456789abcdef".utf8)
        let text = SecureRandom.bytes(32).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        try File.replace(sessionKeyFile, with: text, mode: 0o600)
    }

    /// Tells others where Kafka is.
    func writeKafka(_ bootstrap: String) throws(SystemError) {
        try File.replace(path + "/run/kafka.bootstrap", with: Array("\(bootstrap)\n".utf8))
    }

    /// Tells this user where PostgreSQL is, password included.
    func writePostgres(_ uri: String) throws(SystemError) {
        try File.replace(path + "/run/postgres.uri", with: Array("\(uri)\n".utf8), mode: 0o600)
    }

    func writePid(_ child: Child, _ pid: Int32) throws(SystemError) {
        try File.replace(pidFile(child), with: Array("\(pid)\n".utf8))
    }

    func removePid(_ child: Child) { File.remove(pidFile(child)) }

    /// Removes the pid files that a killed `up` has left behind.
    func removeStalePids() throws(SystemError) {
        for name in try File.names(in: path + "/run") where name.hasSuffix(".pid") && name != "up.pid" {
            File.remove("\(path)/run/\(name)")
        }
    }

    /// The log to append to.
    func openLog(_ child: Child) throws(SystemError) -> Int32 {
        boundLog(child)
        return try File.openToAppend(logFile(child))
    }

    /// Keeps a log under its limit. A child goes on writing to the same file, at its end (O_APPEND), so what is there
    /// is copied away and the file emptied; lines written in between are lost.
    func boundLog(_ child: Child) {
        let log = logFile(child)
        guard let size = try? File.size(log), size > DataFolder.logBytesMax else { return }
        guard let content = try? File.read(log) else { return }
        guard (try? File.replace(log + ".1", with: content)) != nil else { return }
        File.empty(log)
    }

    /// The last line in a child's log, or PostgreSQL's last line about what was wrong.
    func lastLine(_ child: Child) -> String {
        guard let text = try? File.readText(logFile(child), lastBytes: 8192) else { return "" }
        let lines = text.split(whereSeparator: \.isNewline)
        let wrong = child.role == .postgres ? lines.last { $0.contains("FATAL:") || $0.contains("rror:") } : nil
        return String(wrong ?? lines.last ?? "")
    }
}
