import Kafka
import Testing

@Suite struct ProducerTests {
    @Test func carriesKeyValueHeadersAndToken() throws {
        let harness = try Harness(topics: ["t": 4])
        let producer = try harness.producer()
        defer { producer.close(deadlineMilliseconds: 1_000) }
        try producer.prepare(["t"])
        var headers = KafkaHeaders()
        headers.append("type", "message.send")
        headers.append("version", "1")
        let topic = try producer.topic("t")
        for token in UInt64(0)..<20 {
            try producer.produce(
                to: topic, key: Array("room-\(token)".utf8), value: Array("value-\(token)".utf8), headers: headers,
                token: token)
        }
        #expect(producer.flush(deadlineMilliseconds: 10_000))
        try waitUntil("20 reports") { harness.reports.all.count == 20 }
        #expect(Set(harness.reports.all.map(\.token)) == Set(0..<20))
        #expect(harness.reports.all.allSatisfy { $0.error == nil && $0.offset >= 0 })

        let records = try harness.read(
            (0..<4).map { KafkaPosition(topic: "t", partition: $0, offset: KafkaPosition.beginning) }, count: 20)
        #expect(records.allSatisfy { $0.type == "message.send" && $0.topic == "t" })
        for record in records {
            let expected = Array((record.key ?? "").utf8).withUnsafeBytes {
                Murmur2.partition(of: $0, partitionCount: 4)
            }
            #expect(record.partition == expected, "\(record)")
        }
    }

    @Test func keepsNullAndEmptyApart() throws {
        let harness = try Harness(topics: ["t": 1])
        let producer = try harness.producer()
        defer { producer.close(deadlineMilliseconds: 1_000) }
        let topic = try producer.topic("t")
        try producer.produce(to: topic, partition: 0, key: Array("k".utf8), value: nil)
        try producer.produce(to: topic, partition: 0, key: nil, value: [])
        producer.flush(deadlineMilliseconds: 10_000)
        let records = try harness.read([KafkaPosition(topic: "t", partition: 0, offset: 0)], count: 2)
        #expect(records.map(\.value) == [nil, ""])
        #expect(records.map(\.key) == ["k", nil])
    }

    @Test func saysWhenItsQueueIsFull() throws {
        let harness = try Harness(topics: ["t": 1])
        harness.embedded?.setDown(true)
        var options = KafkaProducerOptions(messageTimeoutMilliseconds: 60_000)
        options.queueMessagesMax = 10
        let producer = try harness.producer(options)
        let topic = try producer.topic("t")
        #expect {
            for _ in 0..<11 { try producer.produce(to: topic, key: nil, value: [1]) }
        } throws: { error in
            guard let error = error as? KafkaError else { return false }
            return error.code == .queueFull && error.isRetriable
        }
        producer.close(deadlineMilliseconds: 0)
        #expect(harness.reports.all.count == 10)
        #expect(harness.reports.all.allSatisfy { $0.error?.code == .purged })
        producer.close(deadlineMilliseconds: 0)
        #expect { _ = try producer.topic("u") } throws: { ($0 as? KafkaError)?.code == .closed }
    }

    @Test func tellsAFailureThatMayBeInTheLog() throws {
        let harness = try Harness(topics: ["t": 1])
        let producer = try harness.producer(KafkaProducerOptions(messageTimeoutMilliseconds: 1_500))
        defer { producer.close(deadlineMilliseconds: 0) }
        try producer.prepare(["t"])
        try harness.embedded?.pushFault(.produce, delayMilliseconds: 3_000)
        try producer.produce(to: producer.topic("t"), partition: 0, key: nil, value: [1], token: 7)
        try waitUntil("a report") { !harness.reports.all.isEmpty }
        let report = try #require(harness.reports.all.first)
        #expect(report.error?.code == .messageTimedOut)
        #expect(report.isPossiblyPersisted)
        #expect(report.token == 7)
    }

    @Test func refusesWhatIsTooLarge() throws {
        let harness = try Harness(topics: ["t": 1])
        let producer = try harness.producer()
        let topic = try producer.topic("t")
        #expect {
            try producer.produce(to: topic, key: nil, value: [UInt8](repeating: 0, count: 2_000_000))
        } throws: { ($0 as? KafkaError)?.code == .tooLarge }
    }

    @Test func preparingAnUnknownTopicFails() throws {
        let kafka = try EmbeddedKafka()
        kafka.setDown(true)
        let producer = try KafkaProducer(KafkaConfiguration(bootstrap: kafka.bootstrap)) { _ in }
        #expect(throws: KafkaError.self) { try producer.prepare(["t"], deadlineMilliseconds: 300) }
        #expect(!producer.isReachable(deadlineMilliseconds: 200))
    }

    @Test func refusesAWrongSetting() {
        var configuration = KafkaConfiguration(bootstrap: "127.0.0.1:1")
        configuration.overrides = [("no.such.setting", "1")]
        #expect {
            _ = try KafkaProducer(configuration) { _ in }
        } throws: { error in
            guard let error = error as? KafkaError else { return false }
            return error.code == .invalid && error.message.contains("no.such.setting")
        }
    }

    // The values of org.apache.kafka.common.utils.UtilsTest.testMurmur2.
    @Test(arguments: [
        ("21", -973_932_308), ("foobar", -790_332_482), ("a-little-bit-long-string", -985_981_536),
        ("a-little-bit-longer-string", -1_486_304_829),
        ("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58_897_971), ("abc", 479_470_107),
    ])
    func murmur2IsThatOfJava(_ text: String, _ hash: Int) {
        let got = Array(text.utf8).withUnsafeBytes { Murmur2.hash($0) }
        #expect(Int(Int32(bitPattern: got)) == hash)
    }
}
