/// The command line and environment of a child of our own program. No secrets in the first: everybody can read it.
struct ChildCommand: Equatable, Sendable {
    var arguments: [String]
    var environment: [String]

    /// What is known when a child is started.
    struct Surroundings: Sendable {
        let configuration: Supervisor.Configuration
        let addresses: Addresses
        /// The environment of `up` itself.
        let environment: [String]
        var kafka: String
        var postgres: String
        let sessionKeyFile: String
        /// What the broker listens on; a free port at first, then the one it had.
        var brokerListen = "127.0.0.1:0"
    }

    init(_ child: Child, _ known: Surroundings) {
        let configuration = known.configuration
        // Ours would be taken for theirs: MADANG_HTTP by every front.
        environment = known.environment.filter { !$0.hasPrefix("MADANG_") }
        let kafka = "MADANG_KAFKA=\(known.kafka)"
        // It may hold a password.
        let postgres = "MADANG_POSTGRES=\(known.postgres)"
        if let topics = configuration.topics { environment.append("MADANG_TOPICS=\(topics)") }
        let index = max(0, child.number - 1)
        switch child.role {
        case .broker:
            arguments = ["broker", "--listen", known.brokerListen]
        case .topics:
            arguments = ["topics", "apply"]
            environment += [kafka]
        case .migrate:
            arguments = ["migrate"]
            environment += [postgres]
        case .backend:
            arguments = ["backend", "--http", known.addresses.backendHTTP[index].description]
            arguments += ["--session-key", known.sessionKeyFile] + configuration.backendFlags
            environment += [kafka, postgres] + configuration.backendEnvironment
        case .front:
            arguments = ["front", "--http", known.addresses.http[index].description]
            arguments += ["--stomp", known.addresses.stomp[index].description]
            arguments += ["--session-key", known.sessionKeyFile] + configuration.frontFlags
            environment += [kafka] + configuration.frontEnvironment
        case .postgres:
            preconditionFailure("PostgreSQL is not our own program")
        }
    }
}
