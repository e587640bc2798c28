import Flags

/// Flags that several subcommands have.
enum SharedFlags {
    static let kafka = Flag(
        required: "kafka", .bootstrap, help: "Kafka's bootstrap servers.")
    static let topics = Flag(
        "topics", .file, without: "./topics.yaml, else the copy in the executable", help: "The list of topics.")
    static let sessionKey = Flag(
        "session-key", .file, without: ".madang/run/session.key where that is there",
        help: "The secret that signs sessions and seals credentials: 32 octets, or 64 hexadecimal digits. The same "
            + "for all fronts and backends.")
    static let postgres = Flag(
        required: "postgres", .postgresURI, help: "PostgreSQL, as a connection URI; give a password by the environment."
    )
}
