internal import Linux
internal import Prometheus
internal import Synchronization

/// What a backend counts.
final class BackendMetrics: Sendable {
    enum Question: Sendable { case answered, late, refused, malformed }

    struct Values: Sendable {
        var records = 0
        var batches = 0
        var answers = 0
        var deadLetters = 0
        var rewinds = 0
        var leasesLost = 0
        var questionsAnswered = 0
        var questionsLate = 0
        var questionsRefused = 0
        var questionsMalformed = 0
        var batchTime = Histogram()
        var answerTime = Histogram()
        var questionTime = Histogram()
    }

    private let state = Mutex(Values())

    var values: Values { state.withLock { $0 } }

    func applied(_ records: Int, since started: UInt64) {
        let micros = Self.microseconds(since: started)
        state.withLock {
            $0.records += records
            $0.batches += 1
            $0.batchTime.record(microseconds: micros)
        }
    }

    func produced(_ answers: Int) { state.withLock { $0.answers += answers } }
    func deadLetter() { state.withLock { $0.deadLetters += 1 } }
    func rewound() { state.withLock { $0.rewinds += 1 } }
    func lostLease() { state.withLock { $0.leasesLost += 1 } }

    func answered(since started: UInt64) {
        let micros = Self.microseconds(since: started)
        state.withLock { $0.answerTime.record(microseconds: micros) }
    }

    func question(_ question: Question, since started: UInt64? = nil) {
        let micros = started.map { Self.microseconds(since: $0) }
        state.withLock {
            switch question {
            case .answered: $0.questionsAnswered += 1
            case .late: $0.questionsLate += 1
            case .refused: $0.questionsRefused += 1
            case .malformed: $0.questionsMalformed += 1
            }
            if let micros { $0.questionTime.record(microseconds: micros) }
        }
    }

    private static func microseconds(since started: UInt64) -> Int64 {
        Int64(clamping: (SystemClock.monotonicNanoseconds() - started) / 1_000)
    }
}
