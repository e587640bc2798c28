internal import Chat
package import Kafka
package import Linux
package import Logging

/// `madang backend`: consumes commands, stores them, produces facts; answers questions.
package enum Backend {
    /// What a backend is told.
    package struct Configuration: Sendable {
        /// Where Kafka is; whether it is the embedded one is found out.
        package var kafka: KafkaConfiguration
        /// Where PostgreSQL is, who the operators are, the keys of `--session-key`.
        package var store: ChatStore.Configuration
        /// Where the three pages are; nil: nowhere.
        package var http: SocketAddress?
        /// What it works on.
        package var roles: Set<BackendRole> = Set(BackendRole.allCases)
        /// Members of each group in this process. Three or more members have crashed the embedded broker.
        package var lanes = 1
        /// Threads that answer questions.
        package var questionThreads = 2
        /// Holds the topics against topics.yaml: what a backend must not run with, and what deserves a warning.
        /// Throws where Kafka is not there.
        package var topics: @Sendable (KafkaConfiguration) throws(KafkaError) -> TopicFindings = {
            _ throws(KafkaError) in TopicFindings()
        }
        /// `MADANG_FAILPOINT`, for fault tests: where to die.
        package var failpoint: String?

        /// The defaults with the places of Kafka and PostgreSQL.
        package init(kafka: KafkaConfiguration, store: ChatStore.Configuration) {
            self.kafka = kafka
            self.store = store
        }
    }

    /// How the topics are.
    package struct TopicFindings: Sendable {
        /// With how to mend it.
        package var refusals: [String]
        package var warnings: [String]

        /// What was found.
        package init(refusals: [String] = [], warnings: [String] = []) {
            self.refusals = refusals
            self.warnings = warnings
        }
    }

    /// How a wait for a stop ends: it waits for at most so many milliseconds and tells whether to end.
    package typealias WaitForStop = (_ milliseconds: Int) -> Bool

    /// Runs until it is told to stop. Exit status: 0 after a stop; 1 where the address of its pages cannot be had, the
    /// topics are not as it needs them, or a lane stands still for good.
    package static func run(_ configuration: Configuration, logger: Logger, waitForStop: WaitForStop) -> Int32 {
        BackendRun(configuration, logger: logger).run(waitForStop)
    }
}
