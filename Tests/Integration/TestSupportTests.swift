import Foundation
import TestSupport
import Testing

/// What the other suites stand on.
@Suite struct TestSupportTests {
    @Test func aChildProcessIsReadSignalledAndReaped() throws {
        let child = try ChildProcess("/bin/sh", ["-c", "echo out; echo err >&2; read x; echo got $x; exit 7"])
        #expect(try child.line { $0 == "out" } == "out")
        #expect(try child.errorLine { $0 == "err" } == "err")
        child.write("word\n")
        #expect(try child.end() == .exited(7))
        #expect(child.lines == ["out", "got word"])
        let loop = try ChildProcess("/bin/cat")
        #expect(loop.endingNow == nil)
        #expect(try loop.stop() == .signalled(SIGTERM))
        #expect(kill(loop.pid, 0) != 0)
    }

    @Test func aChildProcessNobodyRefersToIsKilled() throws {
        var child: ChildProcess? = try ChildProcess("/bin/cat", environment: ["A": "b", "HOME": nil], directory: "/")
        let pid = try #require(child?.pid)
        let gone = { kill(pid, 0) != 0 }
        #expect(!gone())
        child = nil
        #expect(Deadline.wait(seconds: 10, until: gone))
    }

    @Test func aMissingLineIsAFailureWithTheOutput() throws {
        let child = try ChildProcess("/bin/sh", ["-c", "echo only; env >&2"], environment: ["ONE": "1"])
        let failure = #expect(throws: ChildProcess.Failure.self) { try child.line(within: 5) { $0 == "other" } }
        #expect(failure?.description.contains("only") == true && failure?.description.contains("ONE=1") == true)
    }

    @Test func portsDiffer() {
        #expect(Set(FreePorts.take(20)).count == 20)
        let row = FreePorts.takeRow(3)
        #expect(FreePorts.isFree(row) && FreePorts.isFree(row + 2))
    }

    @Test(.enabled(if: RealKafka.isAvailable, "MADANG_TEST_KAFKA names no Kafka"))
    func aRealKafkaStartsAndEnds() throws {
        let kafka = try RealKafka(brokers: 1)
        #expect(kafka.bootstrap.contains("127.0.0.1:"))
        kafka.destroy()
        let port = try #require(kafka.bootstrap.split(separator: ":").last.flatMap { UInt16($0) })
        #expect(FreePorts.isFree(port))
    }
}
