/// What every producer, consumer and admin of a process has in common. The values of the settings, and why they are
/// so, stand in GUARANTEES, librdkafka.
package struct KafkaConfiguration: Sendable {
    /// `HOST:PORT`, several with commas.
    package var bootstrap: String
    /// Shows in the brokers' logs.
    package var clientID: String
    /// Above the brokers' own session, or healthy requests time out while a dead broker is fenced; with librdkafka's
    /// 60 s a client sits on a stopped broker although there are new leaders.
    package var socketTimeoutMilliseconds = 6_000
    /// A member that subscribed right after its topics were made hears of them with the next refresh.
    package var metadataRefreshMilliseconds = 5_000
    /// 0 is no statistics.
    package var statisticsIntervalMilliseconds = 0
    /// The embedded broker waits out `fetch.wait.max.ms` even when data arrive; a real one answers at once.
    package var isEmbedded = false
    /// The least important level that is told, as syslog numbers them: 3 error, 4 warning, 6 information, 7 debug.
    package var logLevelMax = 6
    /// Settings of librdkafka that overrule these: for tests, and for what only an operator can know (SASL, TLS).
    package var overrides: [(name: String, value: String)] = []
    /// Gets librdkafka's log, on the thread that polls.
    package var onLog: (@Sendable (KafkaLogLine) -> Void)?
    /// Gets librdkafka's statistics, a JSON object, on the thread that polls.
    package var onStatistics: (@Sendable (String) -> Void)?

    /// The defaults for the brokers at `bootstrap`.
    package init(bootstrap: String, clientID: String = "madang") {
        self.bootstrap = bootstrap
        self.clientID = clientID
    }
}

/// One line of librdkafka's log.
package struct KafkaLogLine: Sendable, Equatable {
    /// As syslog: 0 emergency to 7 debug.
    package let level: Int
    /// librdkafka's short name for what spoke: FAIL, REQTMOUT, …
    package let facility: String
    package let message: String
}

/// What a producer has beside the common configuration.
package struct KafkaProducerOptions: Sendable {
    /// After this a message that was not acknowledged is reported as failed; it may be in the log all the same.
    package var messageTimeoutMilliseconds = 10_000
    /// Batches form by themselves while one request is under way, so waiting for more gains little.
    package var lingerMilliseconds = 0
    /// More waiting messages than this are refused with `queueFull`.
    package var queueMessagesMax = 100_000
    /// More waiting kibibytes than this are refused with `queueFull`.
    package var queueKibibytesMax = 65_536

    /// The defaults of a front; a backend takes 60 s of message timeout.
    package init(messageTimeoutMilliseconds: Int = 10_000, lingerMilliseconds: Int = 0) {
        self.messageTimeoutMilliseconds = messageTimeoutMilliseconds
        self.lingerMilliseconds = lingerMilliseconds
    }
}

/// Membership of a consumer group.
package struct KafkaGroup: Sendable {
    /// The group's name.
    package var name: String
    /// 6 s lost its partitions whenever the victim was also the controller. The embedded broker's rebalance takes the
    /// session less a second, and it forms no group under 3 s.
    package var sessionTimeoutMilliseconds = 10_000
    /// A member that does not poll for so long is put out.
    package var pollIntervalMillisecondsMax = 60_000
    /// A static member comes back after a restart without a rebalance.
    package var instanceID: String?

    /// A member of the group `name`.
    package init(name: String) { self.name = name }
}
