import BackendCore
import Chat
import Testing

@Suite struct BatchPlanTests {
    private func batch(_ partition: Int32, _ offsets: [Int64], broken: Set<Int64> = []) -> LaneBatch {
        let records = offsets.map { offset in
            var record = CommandDecoderTests.record(broken.contains(offset) ? "x" : "{\"roomId\":1,\"message\":\"m\"}")
            record.offset = offset
            return record
        }
        let lane = Lane(
            incarnation: "i", topic: .chatMessageRequest, partition: partition, epoch: 1, nextOffset: 0,
            answeredOffset: 0)
        return LaneBatch(lane: lane, records: records, answeredOffset: 0)
    }

    @Test func lanesStandInTheOrderOfTheirLocks() {
        let plan = BatchPlan([batch(3, [7]), batch(1, [5, 6])], nowMilliseconds: 0, epoch: 1)
        #expect(plan.lanes.map(\.lane.partition) == [1, 3])
        #expect(plan.places == [1, 0])
        #expect(plan.entries.map(\.command.offset) == [7, 5, 6])
        #expect(plan.nextOffsets(plan.whole) == [7, 8])
    }

    @Test func halvesMoveOffsetsOnlyAsFarAsTheyReach() throws {
        let plan = BatchPlan([batch(1, [5, 6, 9], broken: [9]), batch(2, [1, 2])], nowMilliseconds: 0, epoch: 1)
        #expect(plan.entries.count == 4)
        #expect(plan.applied[0][2].deadLetterReason != nil)
        let (first, second) = try #require(plan.whole.halves)
        #expect(plan.nextOffsets(first) == [7, 0])
        #expect(plan.nextOffsets(second) == [10, 3])
        let (third, fourth) = try #require(second.halves)
        #expect(plan.nextOffsets(third) == [7, 2])
        #expect(third.halves == nil)
        #expect(plan.nextOffsets(third.emptied) == [7, 2])
        #expect(third.emptied.range.isEmpty)
        #expect(fourth.emptied.isLast)
        #expect(plan.nextOffsets(fourth.emptied) == [10, 3])
    }

    @Test func resultsFindTheirPlace() {
        var plan = BatchPlan([batch(2, [1]), batch(1, [5, 6])], nowMilliseconds: 0, epoch: 1)
        plan.settle(2, Applied(deadLetterReason: "x"))
        #expect(plan.applied == [[Applied()], [Applied(), Applied(deadLetterReason: "x")]])
    }
}
