import Foundation
import TestSupport
import Testing

/// CONTRACT section 1: `madang up`.
@Suite(.serialized) struct UpTests {
    @Test(.timeLimit(.minutes(4)))
    func fromAnEmptyFolderAndAgainOnTheSame() throws {
        let system = try MadangSystem(["--demo"])
        #expect(system.printed("ready") == ["http://127.0.0.1:\(system.httpPort)"])
        #expect(system.printed("front") == ["http://127.0.0.1:\(system.httpPort)"])
        #expect(system.printed("kafka").first?.contains(":") == true)
        #expect(system.printed("postgres").first?.hasPrefix("postgres") == true)
        #expect(system.printed("stomp") == ["127.0.0.1:\(system.stompPort)"])
        let run = system.data + "/run/"
        let mode = try FileManager.default.attributesOfItem(atPath: run + "session.key")[.posixPermissions] as? Int
        #expect(mode == 0o600)
        for child in ["front-1", "backend-1", "broker", "postgres"] {
            #expect(system.pid(of: child).map(MadangSystem.runs) == true, "\(child)")
            #expect(FileManager.default.fileExists(atPath: system.data + "/logs/\(child).log"))
        }
        for file in ["kafka.bootstrap", "postgres.uri"] { #expect(FileManager.default.fileExists(atPath: run + file)) }
        try chat(system, turn: 1)
        try secondIsRefused(system)
        try stop(system)
        try system.startAgain()
        try chat(system, turn: 2)
        let alice = try HTTPCaller(port: system.httpPort).loggedIn("alice")
        let events = try history(alice, 1)
        #expect(events.compactMap { $0["seq"] as? Int } == Array(1...events.count))
        #expect(events.compactMap { $0["message"] as? String } == ["alice 1", "bob 1", "alice 2", "bob 2"])
        try stop(system)
    }

    /// The demo: three people and room 1; `ready` means that the first message is not refused.
    private func chat(_ system: MadangSystem, turn: Int) throws {
        for person in ["alice", "bob"] {
            let caller = try HTTPCaller(port: system.httpPort).loggedIn(person)
            let said = try caller("POST", "/chat/1", json(["message": "\(person) \(turn)"]))
            #expect(said.status == 200, "\(said.body)")
        }
    }

    private func secondIsRefused(_ system: MadangSystem) throws {
        let port = FreePorts.takeRow(3)
        let second = try MadangProcess.run(["up", "--data", system.data, "--http", "127.0.0.1:\(port)"])
        #expect(second.ending == .exited(1))
        #expect(second.errorLines.joined().contains("\(system.up.pid)"), "\(second.errorLines)")
    }

    private func stop(_ system: MadangSystem) throws {
        let started = Deadline.now
        let (ending, children) = try system.stop()
        #expect(ending == .exited(0))
        #expect(Deadline.now - started < 15_000_000_000)
        #expect(children.count >= 4 && !children.contains(where: MadangSystem.runs))
        #expect(FreePorts.isFree(system.httpPort) && FreePorts.isFree(system.backendPort))
    }

    @Test(.timeLimit(.minutes(1)))
    func aPortInUseIsTold() throws {
        let folder = try TemporaryDirectory()
        let holder = try ChildProcess(
            "/usr/bin/python3",
            [
                "-c",
                "import socket,time; s=socket.socket(); s.bind(('127.0.0.1',0)); s.listen(); "
                    + "print(s.getsockname()[1], flush=True); input()",
            ])
        let port = try holder.line { UInt16($0) != nil }
        let spare = FreePorts.takeRow(3)
        let up = try MadangProcess.run(
            [
                "up", "--data", folder.file("d"), "--http", "127.0.0.1:\(port)", "--stomp", "127.0.0.1:\(spare)",
                "--backend-http", "127.0.0.1:\(spare + 1)",
            ], within: 40)
        #expect(up.ending == .exited(1))
        #expect(up.errorLines.joined().contains(port), "\(up.errorLines)")
    }

    /// Wrong flags, in each subcommand that is there.
    @Test(arguments: ["up", "front", "backend", "broker", "topics", "migrate", "chat", "bench", "doctor"])
    func wrongFlagsAreOneLineAndStatusTwo(name: String) throws {
        for flag in ["--nonsense", "--kafka", "--http=nonsense"] {
            let result = try MadangProcess.run([name, flag])
            #expect(result.ending == .exited(2))
            #expect(result.errorLines.count == 1 && result.lines.isEmpty, "\(result.errorLines)")
        }
        let help = try MadangProcess.run([name, "--help"])
        #expect(help.ending == .exited(0) && help.lines.first?.hasPrefix("madang \(name):") == true)
    }

    @Test func whatIsMissingIsWaitedForWithAMessage() throws {
        let port = FreePorts.take(3)
        let key = try TemporaryDirectory()
        try Data(repeating: 7, count: 32).write(to: URL(filePath: key.file("key")))
        let front = try MadangProcess.start([
            "front", "--kafka", "127.0.0.1:\(port[0])", "--http", "127.0.0.1:\(port[1])", "--stomp",
            "127.0.0.1:\(port[2])", "--session-key", key.file("key"),
        ])
        let caller = HTTPCaller(port: port[1])
        #expect(Deadline.wait(seconds: 20) { (try? caller("GET", "/healthz").status) == 200 })
        let ready = try caller("GET", "/readyz")
        #expect(ready.status == 503 && ready.json["status"] as? String == "not_ready")
        #expect((ready.json["why"] as? [String])?.first?.hasPrefix("kafka") == true, "\(ready.body)")
        try front.errorLine(within: 20) { $0.lowercased().contains("kafka") }
        #expect(try front.stop(within: 15) == .exited(0))
    }

    @Test(.timeLimit(.minutes(2)))
    func aBackendWaitsForItsDatabase() throws {
        let broker = try MadangProcess.start(["broker"])
        let bootstrap = String(try broker.line { $0.hasPrefix("bootstrap ") }.dropFirst("bootstrap ".count))
        let ports = FreePorts.take(2)
        let backend = try MadangProcess.start([
            "backend", "--kafka", bootstrap, "--postgres", "postgresql://madang@127.0.0.1:\(ports[0])/madang", "--http",
            "127.0.0.1:\(ports[1])", "--roles", "chat",
        ])
        let caller = HTTPCaller(port: ports[1])
        #expect(Deadline.wait(seconds: 20) { (try? caller("GET", "/healthz").status) == 200 })
        // At most 10 s after the change, says CONTRACT section 2.
        func why() throws -> String {
            let ready = try caller("GET", "/readyz")
            guard ready.status == 503, let why = ready.json["why"] as? [String] else { return "\(ready.status)" }
            return why.joined(separator: "; ").lowercased()
        }
        #expect(try Deadline.wait(seconds: 12) { try why().contains("postgres") })
        try backend.errorLine(within: 20) { $0.lowercased().contains("postgres") }
        #expect(try backend.stop(within: 15) == .exited(0))
    }
}
