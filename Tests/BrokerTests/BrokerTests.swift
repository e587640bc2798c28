import Broker
import Kafka
import Logging
import TestSupport
import Testing

@Suite struct BrokerTests {
    private let logger = Logger(service: "broker", level: .error)

    @Test func tellsItsAddressWhenItsTopicsAreThere() throws {
        let address = "127.0.0.1:\(FreePorts.take(1)[0])"
        let configuration = Broker.Configuration(listen: address, topics: [.init(name: "t", partitions: 7)])
        var lines: [String] = []
        var partitions: Int?
        let status = Broker.run(configuration, logger: logger, print: { lines.append($0) }) { _ in
            let metadata = try? KafkaAdmin(KafkaConfiguration(bootstrap: address)).metadata()
            partitions = metadata?.topics.first { $0.name == "t" }?.partitions.count
            return true
        }
        #expect(status == 0)
        #expect(lines == ["bootstrap \(address)"])
        #expect(partitions == 7)
        #expect(throws: KafkaError.self) {
            try KafkaAdmin(KafkaConfiguration(bootstrap: address)).metadata(deadlineMilliseconds: 200)
        }
    }

    @Test func saysWhenItCannotListen() throws {
        let kafka = try EmbeddedKafka()
        let quiet = Logger(service: "broker", level: .error, descriptor: -1)
        func status(_ listen: String) -> Int32 {
            Broker.run(.init(listen: listen, topics: []), logger: quiet, print: { _ in }, waitForStop: { _ in true })
        }
        #expect(status(kafka.bootstrap) == 1)
        #expect(status("nonsense") == 2)
    }
}
