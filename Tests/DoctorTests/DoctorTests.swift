import Postgres
import TestSupport
import Testing
import Topics

@testable import Doctor

@Suite struct JudgementTests {
    @Test(arguments: [
        ("2.0.2", true), ("2.10", true), ("1.9.2", false), ("3.0.0-rc", true), ("", false), ("2", false),
    ])
    func libraries(version: String, isGood: Bool) {
        let finding = Judgement.library("librdkafka", version: version, atLeast: [2, 0], package: "librdkafka1")
        #expect((finding.state == .good) == isGood && (finding.remedy == nil) == isGood)
    }

    @Test(arguments: [
        (0, 1, Finding.State.good), (-499, 1, .good), (700, 300, .good), (900, 10, .doubtful), (-6000, 10, .bad),
    ])
    func clocks(skew: Int64, uncertainty: Int64, state: Finding.State) {
        #expect(Judgement.clocks(skewMilliseconds: skew, uncertaintyMilliseconds: uncertainty).state == state)
    }

    @Test(arguments: [(256, Finding.State.bad), (1024, .doubtful), (20_000, .good)])
    func descriptors(limit: Int, state: Finding.State) { #expect(Judgement.descriptors(limit: limit).state == state) }

    @Test(arguments: [(1, Finding.State.bad), (1 << 30, .doubtful), (1 << 40, .good)])
    func disk(bytes: Int, state: Finding.State) { #expect(Judgement.disk(freeBytes: bytes, at: ".").state == state) }

    @Test(arguments: [
        ("15.8 (Debian)", "on", false, [Finding.State.good]), ("14.2", "on", false, [.bad]),
        ("15.8", "off", false, [.good, .bad]), ("16beta1", "local", true, [.good, .bad, .doubtful]),
    ])
    func servers(version: String, commit: String, isStandby: Bool, states: [Finding.State]) {
        let findings = Judgement.server(version: version, synchronousCommit: commit, isStandby: isStandby)
        #expect(findings.map(\.state) == states)
    }
}

@Suite struct DoctorTests {
    /// What is not there is told, with a remedy, and is status 1; nothing given is a doubt alone.
    @Test func whatIsAwayIsTold() throws {
        var configuration = Doctor.Configuration(topics: try TopicList.load(path: nil))
        configuration.dataFolder = "/nowhere"
        var lines: [String] = []
        #expect(Doctor.run(configuration) { lines.append($0) } == 0)
        #expect(lines.contains { $0.hasPrefix("warning  kafka: not looked at") && $0.contains("→ give --kafka") })
        for library in ["librdkafka", "libpq", "OpenSSL", "zlib", "libyaml"] {
            #expect(lines.contains { $0.hasPrefix("ok       \(library): version") })
        }
        configuration.kafka = "127.0.0.1:\(FreePorts.take(1)[0])"
        configuration.postgres = try .init("postgresql://madang@127.0.0.1:\(FreePorts.take(1)[0])/madang")
        lines = []
        #expect(Doctor.run(configuration) { lines.append($0) } == 1)
        for subject in ["kafka", "postgres"] {
            #expect(lines.contains { $0.hasPrefix("bad      \(subject): ") && $0.contains("→ start it") }, "\(lines)")
        }
    }
}
