import Broker
import Flags
import Linux
import Logging
import Topics

/// `madang broker`
enum BrokerCommand {
    private static let listen = Flag(
        "listen", .address, without: "127.0.0.1 and a free port", help: "Where the broker listens.")

    static let declaration = Command(
        "broker", summary: "Runs the embedded development Kafka alone; it keeps nothing over a restart.",
        flags: [listen.declaration, SharedFlags.topics.declaration]
    ) { values throws(Misuse) in
        let logger = Logger(service: "broker")
        do {
            let stop = try StopSignal()
            let topics = try TopicList.load(path: values[SharedFlags.topics]).topics
            let configuration = Broker.Configuration(
                listen: values[listen].map { "\($0)" },
                topics: topics.map { Broker.Configuration.Topic(name: $0.name, partitions: $0.partitions) })
            return Broker.run(
                configuration, logger: logger, print: { Output.line($0) },
                waitForStop: { stop.wait(milliseconds: $0) })
        } catch {
            logger.error("\(error)")
            return 1
        }
    }
}
