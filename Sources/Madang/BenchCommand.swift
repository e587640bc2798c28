import Bench
import Flags
import Logging

/// `madang bench`.
enum BenchCommand {
    private static let defaults = BenchConfiguration()

    private static let http = Flag(
        "http", .addresses, default: "127.0.0.1:8081",
        help: "The fronts to put load on, joined by commas; connections are spread over them.")
    private static let scenarios = Flag(
        "scenarios", .choices(BenchConfiguration.Scenario.allCases.map(\.rawValue)), default: "rooms,latency,hot",
        help: "rooms: every sender keeps messages on their way in many rooms; hot: the same in one room; latency: one "
            + "message at a time, at a rate.")
    private static let seconds = Flag(
        "seconds", .number(1...86_400, unit: "seconds"), default: "\(defaults.seconds)",
        help: "How long each scenario counts.")
    private static let warmUp = Flag(
        "warm-up-seconds", .number(0...3600, unit: "seconds"), default: "\(defaults.warmUpSeconds)",
        help: "Load before anything counts.")
    private static let rooms = Flag(
        "rooms", .number(1...100_000), default: "\(defaults.rooms)", help: "How many rooms.")
    private static let subscribers = Flag(
        "subscribers", .number(0...100_000), default: "\(defaults.subscribers)",
        help: "Connections that listen, a room.")
    private static let senders = Flag(
        "senders", .number(1...100_000), default: "\(defaults.senders)", help: "Connections that speak.")
    private static let outstanding = Flag(
        "outstanding", .number(1...10_000), default: "\(defaults.outstanding)",
        help: "Messages of one sender that wait for their RECEIPT.")
    private static let rate = Flag(
        "rate", .number(1...1_000_000), default: "\(defaults.rate)", help: "Messages a second of `latency`.")
    private static let bytes = Flag(
        "message-bytes", .number(24...65_536, unit: "bytes"), default: "\(defaults.messageBytes)",
        help: "How long each text is.")
    private static let out = Flag(
        "out", .folder, without: "no report", help: "Where bench.json and an SVG for each scenario are written.")
    private static let data = Flag(
        "data", .folder, without: "no CPU is counted",
        help: "The folder of `madang up`, whose processes' CPU is counted.")

    static let declaration = Command(
        "bench", summary: "Puts load on fronts, and reports what clients saw.",
        details: [
            "Makes people and rooms of its own, and prints a table. Exit status 1 where anything was lost, repeated,",
            "disordered or refused.",
        ],
        flags: [
            http.declaration, scenarios.declaration, seconds.declaration, warmUp.declaration, rooms.declaration,
            subscribers.declaration, senders.declaration, outstanding.declaration, rate.declaration,
            bytes.declaration, out.declaration, data.declaration,
        ]
    ) { values throws(Misuse) in
        let logger = Logger(service: "bench")
        do throws(BenchFailure) {
            let result = try Bench.run(configuration(values), logger: logger)
            Output.line(result.table)
            return result.status
        } catch {
            logger.error("\(error)")
            return 1
        }
    }

    private static func configuration(_ values: Values) -> BenchConfiguration {
        var configuration = BenchConfiguration()
        configuration.fronts = values[http].map { BenchConfiguration.Front(host: $0.host, port: $0.port) }
        configuration.scenarios = values[scenarios].compactMap(BenchConfiguration.Scenario.init)
        configuration.seconds = values[seconds]
        configuration.warmUpSeconds = values[warmUp]
        configuration.rooms = values[rooms]
        configuration.subscribers = values[subscribers]
        configuration.senders = values[senders]
        configuration.outstanding = values[outstanding]
        configuration.rate = values[rate]
        configuration.messageBytes = values[bytes]
        configuration.outputFolder = values[out]
        configuration.dataFolder = values[data]
        return configuration
    }
}
