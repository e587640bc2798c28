/// How far a partition is read, applied and answered. Offsets count as answered only up to the last record with all
/// earlier answers acknowledged (GUARANTEES, rule 3).
package struct PartitionProgress: Sendable, Equatable {
    /// What to do with a record that was read.
    package enum Judgement: Sendable, Equatable {
        case take
        /// It was read before the place was changed, or is repeated: drop it.
        case stale
        /// Records before it are missing: stop.
        case gap
    }

    /// Answers that are on their way together.
    private struct Batch: Equatable {
        var number: UInt64
        var first: Int64
        var end: Int64
        var outstanding: Int
        var isFailed = false
    }

    /// The offset of the next record to take.
    package private(set) var nextToRead: Int64
    /// All answers to records before it are acknowledged.
    package private(set) var answeredOffset: Int64
    private var batches: [Batch] = []

    /// Reading begins at `offset`, before which all is answered.
    package init(offset: Int64) {
        nextToRead = offset
        answeredOffset = offset
    }

    /// Whether a record at `offset` is the one that comes next; if so it counts as taken.
    package mutating func judge(_ offset: Int64) -> Judgement {
        if offset < nextToRead { return .stale }
        if offset > nextToRead { return .gap }
        nextToRead = offset + 1
        return .take
    }

    /// Takes the record at `offset`, although it is not the next one.
    package mutating func skip(to offset: Int64) { nextToRead = max(nextToRead, offset + 1) }

    /// Answers to the records from `first` to before `end` are on their way, `outstanding` of them under one number.
    package mutating func sent(number: UInt64, first: Int64, end: Int64, outstanding: Int) {
        batches.append(Batch(number: number, first: first, end: end, outstanding: outstanding))
    }

    /// `count` answers of a batch came to an end. An unknown number belongs to a batch that was given up.
    package mutating func ended(number: UInt64, count: Int, isFailed: Bool) {
        guard let index = batches.firstIndex(where: { $0.number == number }) else { return }
        batches[index].outstanding -= count
        if isFailed { batches[index].isFailed = true }
    }

    /// Moves `answeredOffset` over batches that are answered in full. Whether it moved.
    package mutating func settle() -> Bool {
        var count = 0
        while count < batches.count, batches[count].outstanding <= 0, !batches[count].isFailed {
            answeredOffset = batches[count].end
            count += 1
        }
        batches.removeFirst(count)
        return count > 0
    }

    /// Where a failed answer is: everything from there on must be answered again. It is then read from there, and
    /// whatever is still on its way is no longer waited for. Nil where nothing failed.
    package mutating func rewind() -> Int64? {
        guard batches.contains(where: \.isFailed), let first = batches.first?.first else { return nil }
        batches = []
        nextToRead = first
        return first
    }

    /// Records that were taken but came to nothing are to be read again.
    package mutating func giveBack(from offset: Int64) { nextToRead = min(nextToRead, offset) }

    /// Whether every answer is acknowledged.
    package var isSettled: Bool { batches.isEmpty }

    /// Answers that are on their way.
    package var outstanding: Int { batches.reduce(0) { $0 + $1.outstanding } }
}
