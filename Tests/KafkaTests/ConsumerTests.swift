import Glibc
import Kafka
import Testing

@Suite struct ConsumerTests {
    private func fill(_ harness: Harness, _ topic: String, _ count: Int) throws {
        let producer = try harness.producer()
        let handle = try producer.topic(topic)
        for number in 0..<count {
            try producer.produce(to: handle, partition: 0, key: nil, value: Array("\(number)".utf8))
        }
        producer.close(deadlineMilliseconds: 10_000)
    }

    @Test func readsFromTheOffsetItIsGiven() throws {
        let harness = try Harness(topics: ["t": 1])
        try fill(harness, "t", 10)
        let records = try harness.read([KafkaPosition(topic: "t", partition: 0, offset: 7)], count: 3)
        #expect(records.map(\.value) == ["7", "8", "9"])
    }

    @Test func respectsTheLimitsOfABatch() throws {
        let harness = try Harness(topics: ["t": 1])
        try fill(harness, "t", 100)
        let consumer = try KafkaConsumer(harness.configuration)
        defer { consumer.close(deadlineMilliseconds: 1_000) }
        try consumer.assign([KafkaPosition(topic: "t", partition: 0, offset: 0)])
        var sizes: [Int] = []
        try waitUntil("100 records") {
            _ = consumer.poll(countMax: 7) { sizes.append($0.count) }
            if sizes.reduce(0, +) < 100 { consumer.wait() }
            return sizes.reduce(0, +) >= 100
        }
        #expect(sizes.max() == 7)
        #expect(consumer.knownWatermarks(topic: "t", partition: 0)?.high == 100)
        #expect(try consumer.watermarks(topic: "t", partition: 0).high == 100)
    }

    @Test func seekingGivesTheRecordsAgainAndNothingStale() throws {
        let harness = try Harness(topics: ["t": 1])
        try fill(harness, "t", 50)
        let consumer = try KafkaConsumer(harness.configuration)
        defer { consumer.close(deadlineMilliseconds: 1_000) }
        try consumer.assign([KafkaPosition(topic: "t", partition: 0, offset: 0)])
        var offsets: [Int64] = []
        func take(_ count: Int) throws {
            try waitUntil("records") {
                _ = consumer.poll(countMax: count - offsets.count) { batch in
                    for index in 0..<batch.count { offsets.append(batch[index].offset) }
                }
                if offsets.count < count { consumer.wait() }
                return offsets.count >= count
            }
        }
        try take(20)
        try consumer.seek([KafkaPosition(topic: "t", partition: 0, offset: 5)])
        try take(40)
        #expect(offsets == Array(0..<20) + Array(5..<25))
    }

    @Test func anOffsetThatIsGoneIsToldNotSkipped() throws {
        let harness = try Harness(topics: ["t": 1])
        try fill(harness, "t", 3)
        let consumer = try KafkaConsumer(harness.configuration)
        defer { consumer.close(deadlineMilliseconds: 1_000) }
        try consumer.assign([KafkaPosition(topic: "t", partition: 0, offset: 1_000)])
        var failure: KafkaError?
        try waitUntil("the failure") {
            for event in consumer.poll(countMax: 10, { _ in }) {
                if case .partitionFailed(let error, "t", 0) = event { failure = error }
            }
            if failure == nil { consumer.wait() }
            return failure != nil
        }
        #expect(failure?.code == .noOffset || failure?.code == .offsetOutOfRange, "\(failure.debugDescription)")
    }

    @Test func aRecordWakesAWaitingConsumer() throws {
        let harness = try Harness(topics: ["t": 1])
        try fill(harness, "t", 1)
        let consumer = try KafkaConsumer(harness.configuration)
        defer { consumer.close(deadlineMilliseconds: 1_000) }
        try consumer.assign([KafkaPosition(topic: "t", partition: 0, offset: 0)])
        var count = 0
        try waitUntil("a record") {
            // Far longer than the test may take: only a wake-up gets us out in time.
            _ = consumer.poll(countMax: 10) { count += $0.count }
            if count == 0 { consumer.wait(milliseconds: 20_000) }
            return count > 0
        }
    }

    @Test func aGroupSharesPartitionsAndTheCallerSaysWhereToStart() throws {
        let harness = try Harness(topics: ["t": 2])
        try fill(harness, "t", 5)
        var group = KafkaGroup(name: "chat")
        group.sessionTimeoutMilliseconds = 4_000
        let consumer = try KafkaConsumer(harness.configuration, group: group)
        try consumer.subscribe(["t"])
        var offsets: [Int64] = []
        var assigned: [KafkaPosition] = []
        try waitUntil("records of the group") {
            let events = consumer.poll(countMax: 100) { batch in
                for index in 0..<batch.count { offsets.append(batch[index].offset) }
            }
            for event in events {
                guard case .assigned(var positions) = event else { continue }
                for index in positions.indices { positions[index].offset = positions[index].partition == 0 ? 3 : 0 }
                assigned = positions
                try consumer.assign(positions)
            }
            if offsets.count < 2 { consumer.wait() }
            return offsets.count >= 2
        }
        #expect(offsets == [3, 4])
        #expect(Set(assigned.map(\.partition)) == [0, 1])
        try consumer.commitAndWait([KafkaPosition(topic: "t", partition: 0, offset: 5)])
        #expect(try consumer.committed([KafkaPosition(topic: "t", partition: 0)]).first?.offset == 5)
        try consumer.commit([KafkaPosition(topic: "t", partition: 0, offset: 4)])
        let started = monotonicSeconds()
        consumer.close(deadlineMilliseconds: 5_000)
        consumer.close(deadlineMilliseconds: 5_000)
        #expect(monotonicSeconds() - started < 6)
    }

    @Test func closesInTimeWithADeadBroker() throws {
        let harness = try Harness(topics: ["t": 1])
        let consumer = try KafkaConsumer(harness.configuration, group: KafkaGroup(name: "chat"))
        try consumer.subscribe(["t"])
        _ = consumer.poll(countMax: 1) { _ in }
        harness.embedded?.setDown(true)
        let started = monotonicSeconds()
        consumer.close(deadlineMilliseconds: 1_000)
        #expect(monotonicSeconds() - started < 5)
    }

    private func monotonicSeconds() -> Double {
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        return Double(now.tv_sec) + Double(now.tv_nsec) / 1e9
    }
}
