package import Glibc
import Synchronization

/// A PostgreSQL of this test process: a fresh cluster in a temporary folder, reached through a unix socket.
///
/// `PrivatePostgres.shared` starts it once; each test takes a database of its own. A shell that holds the reading end
/// of a pipe watches over it: when this process ends, however it ends, the server is stopped by its pid and the folder
/// removed.
package final class PrivatePostgres: Sendable {
    /// What went wrong while starting.
    package struct Failure: Error, CustomStringConvertible {
        /// For whoever reads the test's output.
        package let description: String
    }

    /// The folder of the unix socket.
    package let socketDirectory: String
    package let port: UInt16
    private let directory: String
    private let watcher: pid_t
    /// Closing it ends the server.
    private let lifeline: Int32
    private let databases = Atomic<Int>(0)

    private static let started = Mutex<PrivatePostgres?>(nil)

    /// The one server of this process, started at first use; without fsync, for speed.
    package static func shared() throws -> PrivatePostgres {
        try started.withLock { existing in
            if let existing { return existing }
            let server = try PrivatePostgres()
            existing = server
            return server
        }
    }

    /// Starts a server of one's own; it ends with `stop()` or with the process.
    ///
    /// - Parameter settings: lines for postgresql.conf.
    package init(settings: [String] = ["fsync=off", "full_page_writes=off"]) throws {
        let programs = try Self.programs()
        var template = Array("/tmp/madang-postgres-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Failure(description: "mkdtemp: errno \(errno)") }
        directory = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        chmod(directory, 0o755)
        socketDirectory = directory
        port = try Self.freePort()
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { throw Failure(description: "pipe: errno \(errno)") }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        lifeline = ends[1]
        let script = Self.script(programs: programs, directory: directory, port: port, settings: settings)
        watcher = try Self.spawn(script, input: ends[0])
        Glibc.close(ends[0])
        try awaitReady()
    }

    /// Stops the server and removes its folder; returns when both are done.
    package func stop() {
        Glibc.close(lifeline)
        var status: Int32 = 0
        waitpid(watcher, &status, 0)
    }

    /// The connection string of `database`, as its owner, a superuser.
    package func uri(database: String = "postgres") -> String {
        "host=\(socketDirectory) port=\(port) user=madang dbname=\(database)"
    }

    /// A name no other test of this process has. Make it with `CREATE DATABASE`.
    package func newDatabaseName() -> String {
        "test_\(databases.wrappingAdd(1, ordering: .relaxed).newValue)"
    }

    /// The server's main process.
    package func serverProcess() -> pid_t? {
        guard let text = Self.read("\(directory)/data/postmaster.pid") else { return nil }
        return pid_t(text.prefix { !$0.isNewline })
    }

    private static func script(programs: String, directory: String, port: UInt16, settings: [String]) -> String {
        // PostgreSQL refuses to run as root; Debian's package made the user postgres.
        let run = getuid() == 0 ? "setpriv --reuid=postgres --regid=postgres --init-groups" : ""
        let owner = getuid() == 0 ? "chown postgres \(directory)" : ":"
        let options =
            (["listen_addresses=''", "unix_socket_directories=\(directory)", "port=\(port)", "lc_messages=C"]
            + settings).map { "-c \($0)" }.joined(separator: " ")
        return """
            cd /
            \(owner)
            \(run) \(programs)/initdb -D \(directory)/data -U madang -A trust -E UTF8 --locale=C.UTF-8 --no-sync \
            >\(directory)/initdb.log 2>&1 || { echo failed >>\(directory)/initdb.log; exit 1; }
            \(run) \(programs)/postgres -D \(directory)/data \(options) >\(directory)/server.log 2>&1 </dev/null &
            server=$!
            read ignored
            kill -INT $server
            wait $server
            rm -rf \(directory)
            """
    }

    private static func spawn(_ script: String, input: Int32) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, input, 0)
        posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
        // No other descriptor: a pipe of the test runner held open here would keep it waiting.
        for descriptor in Int32(3)..<Int32(64) {
            posix_spawn_file_actions_addclose(&actions, descriptor)
        }
        // A group of its own, so that ^C at the tests does not end the watcher before its work.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
        var arguments: [UnsafeMutablePointer<CChar>?] = [strdup("sh"), strdup("-c"), strdup(script), nil]
        defer { for argument in arguments { free(argument) } }
        var child: pid_t = 0
        let code = posix_spawn(&child, "/bin/sh", &actions, &attributes, &arguments, environ)
        guard code == 0 else { throw Failure(description: "posix_spawn: errno \(code)") }
        return child
    }

    private func awaitReady() throws {
        // initdb and start take a second or two; ten times that on a busy machine.
        for _ in 0..<3000 {
            // PostgreSQL writes its state as the eighth line.
            let lines = Self.read("\(directory)/data/postmaster.pid")?.split(whereSeparator: \.isNewline) ?? []
            if lines.last?.hasPrefix("ready") == true { return }
            if let log = Self.read("\(directory)/initdb.log"), log.hasSuffix("failed\n") {
                throw Failure(description: log)
            }
            _ = poll(nil, 0, 10)
        }
        throw Failure(description: "PostgreSQL did not start: \(Self.read("\(directory)/server.log") ?? "")")
    }

    private static func programs() throws -> String {
        for version in stride(from: 20, through: 13, by: -1) {
            let path = "/usr/lib/postgresql/\(version)/bin"
            if access("\(path)/initdb", X_OK) == 0 { return path }
        }
        throw Failure(description: "no initdb under /usr/lib/postgresql")
    }

    private static func freePort() throws -> UInt16 {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { Glibc.close(socket) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let code = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(socket, $0, length) == 0 ? getsockname(socket, $0, &length) : -1
            }
        }
        guard code == 0 else { throw Failure(description: "no free port: errno \(errno)") }
        return UInt16(bigEndian: address.sin_port)
    }

    private static func read(_ path: String) -> String? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { Glibc.close(file) }
        var buffer = [UInt8](repeating: 0, count: 16384)
        let count = Glibc.read(file, &buffer, buffer.count)
        return count < 0 ? nil : String(decoding: buffer.prefix(count), as: UTF8.self)
    }
}
