import Flags
import Logging
import Supervisor

/// `madang up`
enum UpCommand {
    private static let kafka = Flag("kafka", .bootstrap, without: "the embedded broker", help: "A Kafka to use.")
    private static let postgres = Flag(
        "postgres", .postgresURI, without: "a private cluster in the data folder", help: "A PostgreSQL to use.")
    private static let data = Flag(
        "data", .folder, default: ".madang", help: "Where the database, logs, pid files and the session key are kept.")
    private static let http = Flag(
        "http", .address, default: "127.0.0.1:8081", help: "HTTP of the first front; front n takes the port + n - 1.")
    private static let stomp = Flag(
        "stomp", .address, default: "127.0.0.1:61613",
        help: "Plain STOMP of the first front; front n takes the port + n - 1.")
    private static let backendHTTP = Flag(
        "backend-http", .address, default: "127.0.0.1:9083",
        help: "HTTP of the first backend; backend n takes the port + n - 1.")
    private static let fronts = Flag("fronts", .number(1...64), default: "1", help: "How many fronts.")
    private static let backends = Flag("backends", .number(1...64), default: "1", help: "How many backends.")
    private static let demo = Flag(
        "demo", .switch, default: "false",
        help: "Makes the users alice, bob and carol with the password demo, and the open room 1.")

    static let declaration = Command(
        "up", summary: "Runs everything on this machine, as child processes.",
        details: ["Flags of fronts and backends are handed on to them."],
        flags: [
            kafka.declaration, postgres.declaration, data.declaration, http.declaration, stomp.declaration,
            backendHTTP.declaration, fronts.declaration, backends.declaration, demo.declaration,
            SharedFlags.sessionKey.declaration, SharedFlags.topics.declaration,
        ] + FrontCommand.handedOn + BackendCommand.handedOn
    ) { values throws(Misuse) in
        var configuration = Supervisor.Configuration()
        configuration.dataFolder = values[data]
        configuration.http = "\(values[http])"
        configuration.stomp = "\(values[stomp])"
        configuration.backendHTTP = "\(values[backendHTTP])"
        configuration.fronts = values[fronts]
        configuration.backends = values[backends]
        configuration.kafka = values[kafka]
        configuration.postgres = values[postgres]
        configuration.sessionKey = values[SharedFlags.sessionKey]
        configuration.topics = values[SharedFlags.topics]
        configuration.demo = values[demo]
        configuration.frontFlags = values.arguments(of: FrontCommand.handedOn)
        configuration.backendFlags = values.arguments(of: BackendCommand.handedOn)
        configuration.usesTLS = FrontCommand.usesTLS(values)
        return Supervisor.run(configuration, logger: Logger(service: "up"))
    }
}
