import Glibc
import Kafka
import Testing

@Suite struct EmbeddedKafkaTests {
    @Test func listensWhereItIsTold() throws {
        let first = try EmbeddedKafka()
        let address = first.bootstrap
        #expect(address.hasPrefix("127.0.0.1:"))
        first.close()
        let second = try EmbeddedKafka(listen: address)
        #expect(second.bootstrap == address)
        let metadata = try KafkaAdmin(KafkaConfiguration(bootstrap: address)).metadata()
        #expect(metadata.brokers.map(\.address) == [address])
    }

    @Test func everyStartIsALogOfItsOwn() throws {
        let first = try EmbeddedKafka()
        let second = try EmbeddedKafka()
        #expect(first.clusterID != second.clusterID)
        let seen = try KafkaAdmin(KafkaConfiguration(bootstrap: second.bootstrap)).clusterID()
        #expect(seen == second.clusterID)
        #expect(seen.utf8.count == EmbeddedKafka.clusterIDPrefix.utf8.count + 16)
    }

    @Test func saysThatAnAddressIsTaken() throws {
        let first = try EmbeddedKafka()
        #expect {
            _ = try EmbeddedKafka(listen: first.bootstrap)
        } throws: { error in
            guard let error = error as? KafkaError else { return false }
            return error.code == .addressInUse && error.message.contains(first.bootstrap)
        }
    }

    @Test(arguments: ["", "x", "127.0.0.1", "127.0.0.1:", "127.0.0.1:70000", "[::1]:9092", "host name:1", "1.2.3:4"])
    func refusesWhatIsNoAddress(_ text: String) {
        #expect {
            _ = try EmbeddedKafka(listen: text)
        } throws: { ($0 as? KafkaError)?.code == .invalid }
    }

    @Test func toldTopicsHaveTheirPartitions() throws {
        let harness = try Harness(topics: ["a": 3, "b": 12])
        let admin = try KafkaAdmin(harness.configuration)
        let topics = try admin.metadata().topics
        #expect(topics.first { $0.name == "a" }?.partitions.count == 3)
        #expect(topics.first { $0.name == "b" }?.partitions.map(\.leader) == Array(repeating: 1, count: 12))
        #expect(try admin.isEmbedded())
    }
}
