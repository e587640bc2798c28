extension KafkaConfiguration {
    typealias Setting = (name: String, value: String)

    private var commonSettings: [Setting] {
        [
            ("bootstrap.servers", bootstrap), ("client.id", clientID),
            ("socket.nagle.disable", "true"), ("socket.keepalive.enable", "true"),
            ("socket.timeout.ms", String(socketTimeoutMilliseconds)),
            ("allow.auto.create.topics", "false"),
            ("reconnect.backoff.ms", "50"), ("reconnect.backoff.max.ms", "2000"),
            ("topic.metadata.refresh.interval.ms", String(metadataRefreshMilliseconds)),
            ("statistics.interval.ms", String(statisticsIntervalMilliseconds)),
            ("log.queue", "true"), ("log_level", String(logLevelMax)), ("log.connection.close", "false"),
            // A forked child of librdkafka's threads is no child; and signals are the service's own.
            ("internal.termination.signal", "0"),
        ]
    }

    /// Nothing is given up for throughput: every acknowledged message is on all in-sync replicas, in order, once as
    /// far as a producer can tell. Idempotence is off because that of 2.0.2 can go fatal after a plain disconnect
    /// (librdkafka #4438), and whoever reads takes repeats out anyway; one request at a time keeps the order then.
    func producerSettings(_ options: KafkaProducerOptions) -> [Setting] {
        commonSettings + [
            ("acks", "all"), ("enable.idempotence", "false"), ("max.in.flight.requests.per.connection", "1"),
            ("linger.ms", String(options.lingerMilliseconds)),
            ("message.timeout.ms", String(options.messageTimeoutMilliseconds)),
            ("queue.buffering.max.messages", String(options.queueMessagesMax)),
            ("queue.buffering.max.kbytes", String(options.queueKibibytesMax)),
            ("message.max.bytes", "1048576"), ("partitioner", "murmur2_random"), ("retry.backoff.ms", "50"),
        ] + overrides
    }

    /// Offsets come from the caller alone: none is stored, committed or reset by itself. librdkafka assigns nothing
    /// without a group name, so a consumer that only assigns has one that nobody joins.
    func consumerSettings(_ group: KafkaGroup?) -> [Setting] {
        var settings = commonSettings
        settings += [
            ("group.id", group?.name ?? "madang-assign"),
            ("enable.auto.commit", "false"), ("enable.auto.offset.store", "false"), ("auto.offset.reset", "error"),
            ("enable.partition.eof", "false"), ("partition.assignment.strategy", "range"),
            ("fetch.wait.max.ms", isEmbedded ? "5" : "500"), ("fetch.error.backoff.ms", "50"),
            ("fetch.message.max.bytes", "1048576"),
            ("queued.min.messages", "20000"), ("queued.max.messages.kbytes", "16384"),
        ]
        if let group {
            settings += [
                ("session.timeout.ms", String(group.sessionTimeoutMilliseconds)),
                ("heartbeat.interval.ms", String(max(group.sessionTimeoutMilliseconds / 6, 100))),
                (
                    "max.poll.interval.ms",
                    String(max(group.pollIntervalMillisecondsMax, group.sessionTimeoutMilliseconds))
                ),
                ("coordinator.query.interval.ms", "2000"),
            ]
            if let instance = group.instanceID { settings.append(("group.instance.id", instance)) }
        }
        return settings + overrides
    }

    var adminSettings: [Setting] { commonSettings + overrides }
}
