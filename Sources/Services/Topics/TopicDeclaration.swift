/// A topic as topics.yaml declares it.
package struct TopicDeclaration: Sendable, Equatable {
    /// Its name in the cluster.
    package var name: String
    /// What it is for, in a few words.
    package var what: String
    package var partitions: Int
    package var replicationFactor: Int
    /// As Kafka spells them, sorted by name; what topics.yaml gives to all topics is in it.
    package var configs: [Config]
    /// What the key of a record is.
    package var key: String
    package var producers: [String]
    package var consumers: [String]
    /// What the value of each type looks like.
    package var payloads: [Payload]

    /// A setting of a topic.
    package struct Config: Sendable, Equatable {
        /// Name and value as Kafka spells them.
        package var name: String
        package var value: String
    }

    /// The shape of a type's value.
    package struct Payload: Sendable, Equatable {
        /// The type, and an example of its value.
        package var type: String
        package var shape: String
    }

    /// The value of a config; nil where topics.yaml leaves it to the brokers.
    package func config(_ name: String) -> String? { configs.first { $0.name == name }?.value }

    /// Whether what is in it must never be deleted after a time: the facts a database can be built from.
    package var holdsFacts: Bool { config("retention.ms") == "-1" }
}
