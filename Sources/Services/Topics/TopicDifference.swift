/// How a topic in the cluster is not as topics.yaml declares it.
package struct TopicDifference: Sendable, Equatable, CustomStringConvertible {
    /// What differs.
    package enum Kind: Sendable, Equatable {
        case missing
        case partitions(want: Int, have: Int)
        case config(name: String, want: String, have: String?)
        case replicationFactor(want: Int, have: Int)
    }

    /// Which topic, and how it differs.
    package let topic: String
    package let kind: Kind
    /// Whether a service must not run with it: what it relies on is not there, or facts would be lost.
    package let isFatal: Bool
    /// Whether it only deserves a warning: the cluster has fewer brokers than topics.yaml was made for.
    package let isWarning: Bool

    /// What differs: `TOPIC FIELD: want X, have Y`.
    package var description: String {
        switch kind {
        case .missing: "\(topic): missing"
        case .partitions(let want, let have): "\(topic) partitions: want \(want), have \(have)"
        case .config(let name, let want, let have): "\(topic) \(name): want \(want), have \(have ?? "nothing")"
        case .replicationFactor(let want, let have): "\(topic) replicationFactor: want \(want), have \(have)"
        }
    }

    /// How to mend it.
    package var remedy: String {
        switch kind {
        case .missing: "create it with `madang topics apply`"
        case .partitions:
            "the partition of a key depends on the count, so it cannot be changed: delete the topic and create it anew "
                + "with `madang topics apply`, or put the present count into topics.yaml"
        case .config where isWarning: "right for so few replicas; raise it together with the replication factor"
        case .config(let name, let want, _):
            "set it with `kafka-configs.sh --alter --entity-type topics --entity-name \(topic) "
                + "--add-config \(name)=\(want)`"
        case .replicationFactor:
            "fine for a trial; more brokers and `kafka-reassign-partitions.sh` make it safe against the loss of one"
        }
    }
}
