package import Foundation
import Synchronization

/// A process that a test started: its output line by line, signals by its pid, and a sure end.
///
/// It is killed when the last reference goes, and by the kernel when the test process dies.
package final class ChildProcess: Sendable {
    /// How it ended.
    package enum Ending: Sendable, Equatable {
        /// By itself, with this status.
        case exited(Int32)
        /// By this signal.
        case signalled(Int32)
    }

    /// It did not do what was waited for; says which, with the last of its output.
    package struct Failure: Error, CustomStringConvertible {
        /// What was missing, and what it wrote last.
        package let description: String
    }

    /// Its process id, also after it has ended.
    package let pid: pid_t
    /// What was started, for messages.
    package let name: String
    private let output = LineCollector()
    private let errors = LineCollector()
    private let input: Int32
    private let ending = Mutex<Ending?>(nil)

    /// Starts `executable` with the environment of this process, changed by `environment` (nil takes a variable away).
    ///
    /// - Parameter deathSignal: what the kernel sends it when the test process dies.
    package init(
        _ executable: String, _ arguments: [String] = [], environment: [String: String?] = [:],
        directory: String? = nil, deathSignal: String = "KILL"
    ) throws {
        name = ([executable.split(separator: "/").last.map(String.init) ?? executable] + arguments)
            .joined(separator: " ")
        var variables = ProcessInfo.processInfo.environment
        for (name, value) in environment { variables[name] = value }
        // setpriv and env become the program, so the pid is the program's own.
        let place = directory.map { ["env", "-C", $0] } ?? []
        let words = ["setpriv", "--pdeathsig", deathSignal, "--"] + place + [executable] + arguments
        let lines = variables.map { "\($0.key)=\($0.value)" }
        let started = Spawner.run { Self.spawn(words, lines) }
        pid = started.pid
        input = started.input
        output.read(started.output)
        errors.read(started.errors)
        guard started.error == 0 else {
            throw Failure(description: "\(name): \(String(cString: strerror(started.error)))")
        }
    }

    deinit {
        kill(SIGKILL)
        while (self.endingNow == nil) { poll(nil, 0, 1) }
        close(input)
    }

    /// The lines it has written to stdout so far.
    package var lines: [String] { output.lines }

    /// The lines it has written to stderr so far.
    package var errorLines: [String] { errors.lines }

    /// How it ended; nil while it runs.
    package var endingNow: Ending? {
        ending.withLock { known in
            if known != nil || pid <= 0 { return known ?? .exited(-1) }
            var status: Int32 = 0
            guard waitpid(pid, &status, WNOHANG) == pid else { return nil }
            known = status & 0x7F == 0 ? .exited(status >> 8 & 0xFF) : .signalled(status & 0x7F)
            return known
        }
    }

    /// Sends a signal, unless it has ended and was reaped: its pid may be another's then.
    package func kill(_ signal: Int32) {
        if endingNow == nil { _ = Foundation.kill(pid, signal) }
    }

    /// Writes to its stdin.
    package func write(_ text: String) {
        _ = text.withCString { Foundation.write(input, $0, strlen($0)) }
    }

    /// The first line of stdout that `accept` takes, written already or within `seconds`.
    @discardableResult
    package func line(within seconds: Double = 60, where accept: (String) -> Bool) throws -> String {
        try wait(seconds, for: "a line on stdout") { output.lines.first(where: accept) }
    }

    /// The same of stderr.
    @discardableResult
    package func errorLine(within seconds: Double = 60, where accept: (String) -> Bool) throws -> String {
        try wait(seconds, for: "a line on stderr") { errors.lines.first(where: accept) }
    }

    /// Waits for its end by itself, and for the last of its output.
    @discardableResult
    package func end(within seconds: Double = 20) throws -> Ending {
        guard Deadline.wait(seconds: seconds, until: { endingNow != nil }), let ending = endingNow else {
            throw failure("did not end within \(seconds) s")
        }
        _ = Deadline.wait(seconds: 2) { output.isOver && errors.isOver }
        return ending
    }

    /// SIGTERM, then its end.
    @discardableResult
    package func stop(within seconds: Double = 20) throws -> Ending {
        kill(SIGTERM)
        return try end(within: seconds)
    }

    private func wait(_ seconds: Double, for what: String, _ look: () -> String?) throws -> String {
        var found: String?
        _ = Deadline.wait(seconds: seconds) {
            found = look()
            return found != nil || (endingNow != nil && output.isOver && errors.isOver)
        }
        guard let line = found ?? look() else { throw failure("no such line: \(what) within \(seconds) s") }
        return line
    }

    private func failure(_ what: String) -> Failure {
        let tail = (["stdout:"] + lines.suffix(15) + ["stderr:"] + errorLines.suffix(30)).joined(separator: "\n  ")
        let state = endingNow.map { "ended: \($0)" } ?? "still running"
        return Failure(description: "\(name) (pid \(pid), \(state)): \(what)\n  \(tail)")
    }

    private struct Started: Sendable {
        var pid: pid_t = -1
        var error: Int32 = 0
        var input: Int32 = -1
        var output: Int32 = -1
        var errors: Int32 = -1
    }

    /// One at a time, so that no other child inherits the ends of these pipes.
    private static func spawn(_ words: [String], _ environment: [String]) -> Started {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        // A test runner may block or ignore signals; its children start with none blocked and all at their defaults.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        let pipes = (pipe(), pipe(), pipe())
        posix_spawn_file_actions_adddup2(&actions, pipes.0.read, 0)
        posix_spawn_file_actions_adddup2(&actions, pipes.1.write, 1)
        posix_spawn_file_actions_adddup2(&actions, pipes.2.write, 2)
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        var variables: [UnsafeMutablePointer<CChar>?] = environment.map { strdup($0) } + [nil]
        defer { for pointer in arguments + variables { free(pointer) } }
        var started = Started(input: pipes.0.write, output: pipes.1.read, errors: pipes.2.read)
        started.error = posix_spawnp(&started.pid, words[0], &actions, &attributes, &arguments, &variables)
        if started.error != 0 { started.pid = -1 }
        for end in [pipes.0.read, pipes.1.write, pipes.2.write] { close(end) }
        return started
    }

    private static func pipe() -> (read: Int32, write: Int32) {
        var ends: [Int32] = [-1, -1]
        precondition(Foundation.pipe(&ends) == 0, "pipe: errno \(errno)")
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return (ends[0], ends[1])
    }
}
