import Backend
import Chat
import Flags
import Kafka
import Linux
import Logging
import Postgres
import Topics

/// `madang backend`
enum BackendCommand {
    private static let http = Flag(
        "http", .address, default: "127.0.0.1:8083", help: "Where /healthz, /readyz and /metrics are.")
    private static let roles = Flag(
        "roles", .choices(BackendRole.allCases.map(\.rawValue)), default: "chat,user,friend",
        help: "What it works on, a consumer group each. Without --session-key: all but user.")
    private static let lanes = Flag(
        "lanes", .number(1...64), default: "1",
        help: "Members of each consumer group in this process, each with a connection to PostgreSQL.")
    private static let operators = Flag(
        "operators", .list("userIds joined by commas"), without: "nobody",
        help: "People who may do in every room what its owner may.")

    /// The flags that `madang up` hands on to its backends.
    static let handedOn: [FlagDeclaration] = [roles.declaration, lanes.declaration, operators.declaration]

    static let declaration = Command(
        "backend", summary: "Runs one backend service; start more to scale, the consumer group shares the work out.",
        flags: [
            SharedFlags.kafka.declaration, SharedFlags.postgres.declaration, SharedFlags.sessionKey.declaration,
            SharedFlags.topics.declaration, http.declaration,
        ] + handedOn
    ) { values throws(Misuse) in
        let logger = Logger(service: "backend")
        let keys = try SessionKeyFile.keys(values[SharedFlags.sessionKey])
        let configuration = try configuration(values, keys, logger)
        do throws(SystemError) {
            let stop = try StopSignal()
            return Backend.run(configuration, logger: logger) { stop.wait(milliseconds: $0) }
        } catch {
            logger.error("\(error)")
            return 1
        }
    }

    private static func configuration(
        _ values: Values, _ keys: SessionKeys?, _ logger: Logger
    ) throws(Misuse) -> Backend.Configuration {
        var store = ChatStore.Configuration(uri: try postgres(values[SharedFlags.postgres]))
        store.operators = Set(values[operators] ?? [])
        store.sessionKeys = keys
        var configuration = Backend.Configuration(
            kafka: KafkaConfiguration(bootstrap: values[SharedFlags.kafka], clientID: "madang-backend"), store: store)
        configuration.http = try address(values[http])
        configuration.roles = Set(values[roles].compactMap(BackendRole.init(rawValue:)))
        if keys == nil, configuration.roles.remove(.user) != nil {
            logger.warning("without --session-key this backend leaves sign-up and log-in to others (role user)")
        }
        configuration.lanes = values[lanes]
        configuration.failpoint = Environment.value("MADANG_FAILPOINT")
        let list = try topics(values[SharedFlags.topics])
        configuration.topics = { kafka throws(KafkaError) in
            let comparison = try TopicComparison.make(list, try KafkaAdmin(kafka), deadlineMilliseconds: 5000)
            return Backend.TopicFindings(refusals: comparison.refusals, warnings: comparison.warnings)
        }
        return configuration
    }

    private static func topics(_ path: String?) throws(Misuse) -> TopicList {
        do throws(TopicList.Failure) {
            return try TopicList.load(path: path)
        } catch {
            throw Misuse("\(error)")
        }
    }

    /// The URI as PostgreSQL's library understands it.
    static func postgres(_ text: String) throws(Misuse) -> PostgresURI {
        do {
            return try PostgresURI(text)
        } catch {
            throw Misuse("--postgres: \(error)")
        }
    }

    private static func address(_ wanted: HostPort) throws(Misuse) -> SocketAddress {
        do throws(SystemError) {
            if let address = try SocketAddress.resolve(host: wanted.host, port: wanted.port).first { return address }
        } catch {
            throw Misuse("--http \(wanted): \(error)")
        }
        throw Misuse("--http \(wanted): the host is not known")
    }
}
