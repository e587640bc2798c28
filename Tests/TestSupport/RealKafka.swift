import Foundation

/// A real Apache Kafka, for tests that `MADANG_TEST_KAFKA` makes possible: it names a folder with a program `kafka`
/// that starts one broker or three in the background.
package final class RealKafka: Sendable {
    /// The program; nil where there is none.
    package static var program: String? {
        guard let folder = ProcessInfo.processInfo.environment["MADANG_TEST_KAFKA"], !folder.isEmpty else { return nil }
        return folder + "/kafka"
    }

    /// Whether tests can have one.
    package static var isAvailable: Bool { program != nil }

    /// The bootstrap list.
    package let bootstrap: String
    private let program: String
    private let folder: TemporaryDirectory
    /// Destroys the cluster when its stdin ends, which it does when this object or this process does.
    private let undertaker: Undertaker

    /// Starts 1 or 3 brokers and waits until all serve.
    package init(brokers: Int, settings: [String] = []) throws {
        guard let program = Self.program else {
            throw ChildProcess.Failure(description: "MADANG_TEST_KAFKA is not set")
        }
        self.program = program
        folder = try TemporaryDirectory()
        let data = folder.file("kafka")
        undertaker = try Undertaker(command: [program, "destroy", "--data", data])
        let words = ["start", "--data", data, "--brokers", "\(brokers)"] + settings.flatMap { ["--set", $0] }
        let start = try ChildProcess(program, words)
        let ending = try start.end(within: 120)
        guard ending == .exited(0), let line = start.lines.first(where: { $0.hasPrefix("bootstrap ") }) else {
            throw ChildProcess.Failure(description: "kafka start: \(ending): \(start.errorLines.suffix(20))")
        }
        bootstrap = String(line.dropFirst("bootstrap ".count))
    }

    /// Does `verb` (`kill`, `pause`, `resume`, `stop`, `restart`) to one broker, counted from 1.
    package func `do`(_ verb: String, broker: Int) throws {
        let command = try ChildProcess(program, [verb, "--data", folder.file("kafka"), "--broker", "\(broker)"])
        let ending = try command.end(within: 60)
        guard ending == .exited(0) else {
            throw ChildProcess.Failure(description: "kafka \(verb): \(ending): \(command.errorLines)")
        }
    }

    /// Ends all brokers and deletes their data; it happens by itself too.
    package func destroy() { undertaker.act() }

    deinit { undertaker.act() }
}
