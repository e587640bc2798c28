import Kafka
import TestSupport
import Testing

/// The same against Apache Kafka, where `MADANG_TEST_KAFKA` names a folder with one.
@Suite(.enabled(if: RealKafka.isAvailable, "MADANG_TEST_KAFKA is not set"))
struct RealKafkaTests {
    @Test func aTopicsWholeLife() throws {
        let kafka = try RealKafka(brokers: 1)
        defer { kafka.destroy() }
        let configuration = KafkaConfiguration(bootstrap: kafka.bootstrap, clientID: "test")
        let admin = try KafkaAdmin(configuration)
        #expect(try !admin.isEmbedded())
        #expect(try admin.clusterID() == KafkaAdmin(configuration).clusterID())

        let wanted = KafkaAdmin.NewTopic(
            name: "t", partitions: 3, replicationFactor: 1,
            configs: [("retention.ms", "-1"), ("message.timestamp.type", "LogAppendTime")])
        #expect(try admin.createTopics([wanted]) == ["t": nil])
        #expect(try admin.createTopics([wanted])["t"]??.code == .topicExists)
        let refused = try admin.createTopics([
            KafkaAdmin.NewTopic(name: "many", partitions: 1, replicationFactor: 3),
            KafkaAdmin.NewTopic(name: "b@d", partitions: 1, replicationFactor: 1),
            KafkaAdmin.NewTopic(name: "c", partitions: 1, replicationFactor: 1, configs: [("retention.ms", "x")]),
        ])
        #expect(refused.values.map { $0?.code } == [.invalid, .invalid, .invalid])

        let configs = try admin.topicConfigs(["t"])["t"]
        #expect(configs?["retention.ms"] == "-1")
        #expect(configs?["cleanup.policy"] == "delete")
        let metadata = try admin.metadata().topics.first { $0.name == "t" }
        #expect(metadata?.partitions.count == 3)
        #expect(metadata?.replicationFactor == 1)

        try writeAndRead(configuration, admin)
        #expect(try admin.deleteTopics(["t", "no"])["no"]??.code == .unknownTopicOrPartition)
    }

    private func writeAndRead(_ configuration: KafkaConfiguration, _ admin: KafkaAdmin) throws {
        let reports = Reports()
        let producer = try KafkaProducer(configuration) { reports.add(Array($0)) }
        try producer.prepare(["t"])
        let topic = try producer.topic("t")
        for number in 0..<100 {
            try producer.produce(
                to: topic, partition: 0, key: Array("k".utf8), value: Array("\(number)".utf8), token: UInt64(number))
        }
        producer.close(deadlineMilliseconds: 10_000)
        #expect(reports.all.filter { $0.error == nil }.count == 100)
        #expect(try admin.watermarks(topic: "t", partition: 0) == (0, 100))

        let consumer = try KafkaConsumer(configuration, group: KafkaGroup(name: "chat"))
        try consumer.subscribe(["t"])
        var offsets: [Int64] = []
        var isLogTime = true
        try waitUntil("the records") {
            let events = consumer.poll(countMax: 1_000) { batch in
                for index in 0..<batch.count {
                    offsets.append(batch[index].offset)
                    isLogTime = isLogTime && batch[index].hasAppendTimestamp
                }
            }
            for case .assigned(let positions) in events {
                try consumer.assign(
                    positions.map { KafkaPosition(topic: $0.topic, partition: $0.partition, offset: 0) })
            }
            if offsets.count < 100 { consumer.wait() }
            return offsets.count >= 100
        }
        #expect(offsets == Array(0..<100))
        #expect(isLogTime)
        try consumer.commitAndWait([KafkaPosition(topic: "t", partition: 0, offset: 100)])
        #expect(try consumer.committed([KafkaPosition(topic: "t", partition: 0)]).first?.offset == 100)
        consumer.close(deadlineMilliseconds: 5_000)
    }
}
