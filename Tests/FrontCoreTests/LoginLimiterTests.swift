import Chat
import Testing

@testable import FrontCore

@Suite struct LoginLimiterTests {
    @Test func allowsSoManyAMinute() throws {
        var limiter = LoginLimiter(attemptsMax: 3)
        for time in [0, 10_000, 20_000] as [Int64] { try limiter.begin("A", now: time) }
        let refusal = #expect(throws: ChatError.self) { try limiter.begin("A", now: 30_000) }
        #expect(refusal?.code == .rateLimited && refusal?.retryAfterSeconds == 30)
        try limiter.begin("B", now: 30_000)
        #expect(throws: ChatError.self) { try limiter.begin("A", now: 59_999) }
        try limiter.begin("A", now: 60_000)
        #expect(throws: ChatError.self) { try limiter.begin("A", now: 69_999) }
        try limiter.begin("A", now: 70_000)
        // Long silence forgets everything.
        for _ in 0..<3 { try limiter.begin("A", now: 500_000) }
        #expect(throws: ChatError.self) { try limiter.begin("A", now: 500_000) }
    }

    @Test func takesBackWhatWasNotWrong() throws {
        var limiter = LoginLimiter(attemptsMax: 1)
        for time in 0..<100 as Range<Int64> {
            try limiter.begin("A", now: time)
            #expect(throws: ChatError.self) { try limiter.begin("A", now: time) }
            limiter.takeBack("A", began: time)
        }
    }

    @Test func zeroIsOff() throws {
        var limiter = LoginLimiter(attemptsMax: 0)
        for _ in 0..<100 { try limiter.begin("A", now: 0) }
    }

    @Test func refusesRatherThanForget() throws {
        var limiter = LoginLimiter(attemptsMax: 2)
        for index in 0..<LoginLimiter.peopleMax { try limiter.begin("id-\(index)", now: 1) }
        #expect(throws: ChatError.self) { try limiter.begin("one more", now: 2) }
        try limiter.begin("one more", now: 120_001)
    }
}
