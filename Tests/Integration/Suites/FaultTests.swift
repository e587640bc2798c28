import Foundation
import TestSupport
import Testing

/// Promise 1 of the contract: what is confirmed is stored once and heard once by all, whatever is killed.
@Suite(.serialized) struct FaultTests {
    @Test(.timeLimit(.minutes(5)))
    func peopleChatWhileEachPartIsKilledInTurn() throws {
        let system = try MadangSystem(["--demo", "--fronts", "2", "--backends", "2"])
        let conversation = try Conversation(system)
        try conversation.goesOn()
        for child in ["front-1", "backend-1", "postgres", "front-2", "backend-2"] {
            let old = try #require(system.pid(of: child))
            try system.signal(child, SIGKILL)
            try conversation.goesOn()
            #expect(
                Deadline.wait(seconds: 30) { system.pid(of: child).map { $0 != old && MadangSystem.runs($0) } ?? false }
            )
        }
        try conversation.check()
        #expect(conversation.subscribers.allSatisfy { $0.connections > 1 })
        let (ending, children) = try system.stop()
        #expect(ending == .exited(0))
        #expect(!children.contains(where: MadangSystem.runs))
    }

    @Test(.timeLimit(.minutes(5)))
    func aSecondBackendTakesItsShareAndGivesItBack() throws {
        let system = try MadangSystem()
        let conversation = try Conversation(system, fronts: 1)
        try conversation.goesOn()
        let port = FreePorts.take(1)[0]
        let words = try flags(system) + ["--http", "127.0.0.1:\(port)"]
        let backend = try MadangProcess.start(["backend"] + words)
        func owned(_ port: UInt16) throws -> Int { try partitions(port) }
        let first = system.backendPort
        #expect(
            Deadline.wait(seconds: 60, everyMilliseconds: 200) {
                let shares = ((try? owned(first)) ?? 0, (try? owned(port)) ?? 0)
                return shares.0 > 0 && shares.1 > 0
            })
        try conversation.goesOn()
        let all = try owned(first) + owned(port)
        #expect(try backend.stop(within: 15) == .exited(0))
        #expect(Deadline.wait(seconds: 40, everyMilliseconds: 200) { (try? owned(first)) == all })
        try conversation.goesOn()
        try conversation.check()
    }

    @Test(.timeLimit(.minutes(3)))
    func whenUpIsKilledNothingOfItStays() throws {
        let system = try MadangSystem()
        let children = ["front-1", "backend-1", "broker", "postgres"].compactMap { system.pid(of: $0) }
        #expect(children.count == 4 && children.allSatisfy(MadangSystem.runs))
        system.up.kill(SIGKILL)
        #expect(Deadline.wait(seconds: 20) { !children.contains(where: MadangSystem.runs) })
        try system.startAgain()
        #expect(try HTTPCaller(port: system.httpPort).loggedIn("alice")("GET", "/rooms").status == 200)
    }

    @Test(.timeLimit(.minutes(3)))
    func aDeadBrokerIsANewLogAndLosesNothingStored() throws {
        let system = try MadangSystem(["--demo", "--fronts", "2"])
        let conversation = try Conversation(system)
        try conversation.goesOn()
        try system.signal("broker", SIGKILL)
        try conversation.goesOn(20, within: 90)
        try conversation.check()
    }

    /// What a backend started by hand is told.
    private func flags(_ system: MadangSystem) throws -> [String] {
        let kafka = try #require(system.printed("kafka").first)
        let postgres = try #require(system.printed("postgres").first)
        return ["--kafka", kafka, "--postgres", postgres, "--session-key", system.data + "/run/session.key"]
    }

    /// How many partitions a backend says that it owns.
    private func partitions(_ port: UInt16) throws -> Int {
        let lines = try HTTPCaller(port: port)("GET", "/metrics", within: 5).body.split(separator: "\n")
        return lines.filter { $0.hasPrefix("madang_kafka_lag{") && $0.contains("chatMessage.REQUEST") }.count
    }
}
