package import Foundation
import Synchronization

/// A whole system that `madang up` runs in a folder of its own, on free ports.
package final class MadangSystem: Sendable {
    /// The folder given as `--data`.
    package let data: String
    /// The port of front 1; front n has this + n − 1.
    package let httpPort: UInt16
    /// The port of front 1 for plain TCP.
    package let stompPort: UInt16
    /// The port of backend 1.
    package let backendPort: UInt16
    private let folder: TemporaryDirectory
    private let arguments: [String]
    private let undertaker: Undertaker
    private let process: Mutex<ChildProcess>

    /// Starts it and waits for `ready`.
    ///
    /// - Parameter arguments: flags beside `--data`, `--http`, `--stomp` and `--backend-http`.
    package init(_ arguments: [String] = ["--demo"], within seconds: Double = 90) throws {
        folder = try TemporaryDirectory()
        data = folder.file("data")
        httpPort = FreePorts.takeRow(4)
        stompPort = FreePorts.takeRow(4)
        backendPort = FreePorts.takeRow(4)
        self.arguments =
            [
                "up", "--data", data, "--http", "127.0.0.1:\(httpPort)", "--stomp", "127.0.0.1:\(stompPort)",
                "--backend-http", "127.0.0.1:\(backendPort)",
            ] + arguments
        undertaker = try Undertaker(command: ["/bin/sh", "-c", Self.cleaning, "sh", folder.path])
        process = Mutex(try Self.start(self.arguments))
        try up.line(within: seconds) { $0.hasPrefix("ready ") }
    }

    /// The process of `madang up`.
    package var up: ChildProcess { process.withLock { $0 } }

    /// What it printed behind `word`: `kafka`, `postgres`, `front`, `ready`.
    package func printed(_ word: String) -> [String] {
        up.lines.filter { $0.hasPrefix(word + " ") }.map { String($0.dropFirst(word.count + 1)) }
    }

    /// The pid of a child (`front-1`, `backend-1`, `broker`, `postgres`) as its file says it.
    package func pid(of child: String) -> pid_t? {
        folder.text("data/run/\(child).pid").flatMap { pid_t($0.filter(\.isNumber)) }
    }

    /// Sends a signal to a child.
    package func signal(_ child: String, _ signal: Int32) throws {
        guard let pid = pid(of: child), Foundation.kill(pid, signal) == 0 else {
            throw ChildProcess.Failure(description: "\(child) is not running")
        }
    }

    /// Whether a process of this number runs, other than as a zombie.
    package static func runs(_ pid: pid_t) -> Bool {
        guard let status = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8) else { return false }
        return status.split(separator: ")").last?.hasPrefix(" Z") == false
    }

    /// The end of a child's log.
    package func log(_ child: String) -> String { String((folder.text("data/logs/\(child).log") ?? "").suffix(4000)) }

    /// SIGTERM, the end, and the pids that were its children's.
    package func stop(within seconds: Double = 20) throws -> (ending: ChildProcess.Ending, children: [pid_t]) {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: data + "/run")) ?? []
        let children = names.filter { $0.hasSuffix(".pid") }.compactMap { pid(of: String($0.dropLast(4))) }
        return (try up.stop(within: seconds), children)
    }

    /// `madang up` again on the same folder and ports.
    package func startAgain(within seconds: Double = 90) throws {
        let again = try Self.start(arguments)
        process.withLock { $0 = again }
        try again.line(within: seconds) { $0.hasPrefix("ready ") }
    }

    /// The rows that `psql` gives for a query, fields joined by `|`; throws where PostgreSQL refuses.
    package func query(_ sql: String) throws -> [String] {
        let uri = (folder.text("data/run/postgres.uri") ?? "").filter { !$0.isNewline }
        let psql = try ChildProcess("/usr/bin/psql", ["-XAtq", "-v", "ON_ERROR_STOP=1", "-c", sql, uri])
        guard try psql.end(within: 20) == .exited(0) else {
            throw ChildProcess.Failure(description: "psql: \(psql.errorLines)")
        }
        return psql.lines
    }

    /// SIGTERM when the tests die: `up` then ends its children in order.
    private static func start(_ arguments: [String]) throws -> ChildProcess {
        try MadangProcess.start(arguments, deathSignal: "TERM")
    }

    deinit {
        if up.endingNow == nil { _ = try? up.stop() }
        undertaker.act()
    }

    /// Removes the folder `$1` when nobody who has a pid file in it runs any more, or after 20 s.
    private static let cleaning = """
        for turn in $(seq 200); do
          alive=
          for file in "$1"/data/run/*.pid; do
            [ -f "$file" ] && kill -0 "$(cat "$file")" 2>/dev/null && alive=1
          done
          [ "$alive" ] || break
          sleep 0.1
        done
        rm -rf "$1"
        """
}
