import Foundation
import TestSupport
import Testing

/// Every scenario of `madang bench`, with little load, so that it never rots.
@Suite(.serialized) struct BenchRunTests {
    @Test(.timeLimit(.minutes(3)))
    func everyScenarioRunsAndReports() throws {
        let system = try Shared.system()
        let folder = try TemporaryDirectory()
        let bench = try MadangProcess.run(
            [
                "bench", "--http", "127.0.0.1:\(system.httpPort),127.0.0.1:\(system.httpPort + 1)", "--seconds", "2",
                "--warm-up-seconds", "1", "--rooms", "4", "--senders", "3", "--outstanding", "2", "--rate", "20",
                "--out", folder.path, "--data", system.data,
            ], within: 150)
        #expect(bench.ending == .exited(0), "\(bench.lines) \(bench.errorLines)")
        let report = try #require(folder.text("bench.json"))
        let object = try JSONSerialization.jsonObject(with: Data(report.utf8)) as? [String: Any]
        let scenarios = object?["scenarios"] as? [[String: Any]] ?? []
        #expect(scenarios.map { $0["scenario"] as? String } == ["rooms", "latency", "hot"])
        for scenario in scenarios {
            let (messages, deliveries) = (scenario["messages"] as? Int ?? 0, scenario["deliveries"] as? Int ?? 0)
            #expect(messages > 10 && abs(deliveries - 2 * messages) < 40, "\(scenario)")
            for fault in ["losses", "repeats", "disorders", "refusals", "disconnections"] {
                #expect(scenario[fault] as? Int == 0)
            }
            let processors = scenario["processorSeconds"] as? [String: Double] ?? [:]
            #expect(Set(processors.keys).isSuperset(of: ["front-1", "front-2", "backend-1", "broker", "postgres"]))
            let name = scenario["scenario"] as? String ?? ""
            #expect(folder.text("\(name).svg")?.hasPrefix("<svg") == true)
        }
    }

    @Test func aFrontThatIsNotThereIsTold() throws {
        let bench = try MadangProcess.run(["bench", "--http", "127.0.0.1:\(FreePorts.take(1)[0])"])
        #expect(bench.ending == .exited(1) && bench.errorLines.count >= 1 && bench.lines.isEmpty)
    }
}
