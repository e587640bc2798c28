internal import Kafka
package import Logging

/// `madang broker`: the embedded development Kafka alone. It keeps nothing over a restart.
package enum Broker {
    /// What the broker is told.
    package struct Configuration: Sendable {
        /// `HOST:PORT`, an IPv4 address; nil or port 0: any free port.
        package var listen: String?
        /// The topics that are there before its address is told, since it would make any topic with 4 partitions.
        package var topics: [Topic]

        /// A topic and its partitions.
        package struct Topic: Sendable {
            /// Its name and the number of its partitions.
            package var name: String
            package var partitions: Int

            /// A topic of so many partitions.
            package init(name: String, partitions: Int) {
                self.name = name
                self.partitions = partitions
            }
        }

        /// What the broker is told; nothing is checked yet.
        package init(listen: String? = nil, topics: [Topic]) {
            self.listen = listen
            self.topics = topics
        }
    }

    /// Runs until `waitForStop` says so: it waits for at most so many milliseconds and tells whether to end. `print`
    /// gets the one line `bootstrap HOST:PORT` when clients may come. Exit status: 0 after a stop; 1 where the address
    /// cannot be had; 2 where it is none.
    package static func run(
        _ configuration: Configuration, logger: Logger, print: (String) -> Void, waitForStop: (Int) -> Bool
    ) -> Int32 {
        let kafka: EmbeddedKafka
        do throws(KafkaError) {
            kafka = try EmbeddedKafka(listen: configuration.listen) { logger.kafka($0) }
            for topic in configuration.topics { try kafka.createTopic(topic.name, partitions: topic.partitions) }
        } catch {
            logger.error("the embedded broker does not start: \(error)")
            return error.code == .invalid ? 2 : 1
        }
        logger.info("the embedded broker listens on \(kafka.bootstrap) as \(kafka.clusterID); it keeps nothing")
        print("bootstrap \(kafka.bootstrap)")
        while !waitForStop(500) { kafka.tellLogs() }
        logger.info("the embedded broker ends")
        kafka.close()
        return 0
    }
}

extension Logger {
    /// Writes a line of librdkafka's log.
    fileprivate func kafka(_ line: KafkaLogLine) {
        let level: LogLevel = line.level <= 3 ? .error : line.level == 4 ? .warning : line.level == 7 ? .debug : .info
        log(level, "kafka \(line.facility): \(line.message)")
    }
}
