import BackendCore
import Testing

@Suite struct PartitionProgressTests {
    /// `#expect` takes no call that changes what it is called on.
    private func expect<Value: Equatable>(
        _ have: Value, _ want: Value, _ place: SourceLocation = #_sourceLocation
    ) { #expect(have == want, sourceLocation: place) }

    @Test func takesRecordsInTheirOrderOnly() {
        var progress = PartitionProgress(offset: 10)
        expect(progress.judge(9), .stale)
        expect(progress.judge(10), .take)
        expect(progress.judge(10), .stale)
        expect(progress.judge(12), .gap)
        expect(progress.judge(11), .take)
        progress.skip(to: 14)
        expect(progress.judge(15), .take)
        progress.giveBack(from: 11)
        #expect(progress.nextToRead == 11)
        progress.giveBack(from: 20)
        #expect(progress.nextToRead == 11)
    }

    @Test func countsAsAnsweredOnlyWithoutAHole() {
        var progress = PartitionProgress(offset: 0)
        for offset in Int64(0)..<9 { expect(progress.judge(offset), .take) }
        progress.sent(number: 1, first: 0, end: 3, outstanding: 3)
        progress.sent(number: 2, first: 3, end: 6, outstanding: 2)
        progress.sent(number: 3, first: 6, end: 9, outstanding: 0)
        progress.ended(number: 2, count: 2, isFailed: false)
        expect(progress.settle(), false)
        #expect(progress.answeredOffset == 0)
        progress.ended(number: 1, count: 2, isFailed: false)
        expect(progress.settle(), false)
        #expect(progress.outstanding == 1)
        progress.ended(number: 1, count: 1, isFailed: false)
        expect(progress.settle(), true)
        #expect(progress.answeredOffset == 9)
        #expect(progress.isSettled)
        expect(progress.rewind(), nil)
    }

    @Test func goesBackToTheFirstUnansweredRecordWhenOneFails() {
        var progress = PartitionProgress(offset: 0)
        for offset in Int64(0)..<9 { expect(progress.judge(offset), .take) }
        progress.sent(number: 1, first: 0, end: 3, outstanding: 1)
        progress.sent(number: 2, first: 3, end: 6, outstanding: 1)
        progress.sent(number: 3, first: 6, end: 9, outstanding: 1)
        progress.ended(number: 1, count: 1, isFailed: false)
        expect(progress.settle(), true)
        progress.ended(number: 3, count: 1, isFailed: true)
        expect(progress.rewind(), 3)
        #expect(progress.answeredOffset == 3)
        expect(progress.judge(3), .take)
        // What was on its way then belongs to nobody any more.
        progress.ended(number: 2, count: 1, isFailed: true)
        expect(progress.rewind(), nil)
        expect(progress.settle(), false)
        #expect(progress.answeredOffset == 3)
    }

    @Test func aFailureIsRememberedEvenWhenAllHaveEnded() {
        var progress = PartitionProgress(offset: 5)
        expect(progress.judge(5), .take)
        progress.sent(number: 7, first: 5, end: 6, outstanding: 2)
        progress.ended(number: 7, count: 1, isFailed: true)
        progress.ended(number: 7, count: 1, isFailed: false)
        expect(progress.settle(), false)
        expect(progress.rewind(), 5)
    }
}
