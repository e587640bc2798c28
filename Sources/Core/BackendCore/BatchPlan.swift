import Chat

/// Commands of one or several lanes that go to the database together, in the order of their lanes and offsets.
package struct BatchPlan: Sendable {
    /// A command and where its outcome belongs.
    package struct Entry: Sendable {
        /// What is commanded.
        package var command: PlannedCommand
        /// The place of its batch in the call, and of its record in the batch.
        package var batch: Int
        package var record: Int
    }

    /// The lanes in the order in which their leases are taken, by topic and partition: two backends then never wait for
    /// each other in a circle.
    package private(set) var lanes: [LaneBatch]
    /// For each batch of the call its place in `lanes`.
    package private(set) var places: [Int]
    /// The commands that only the database can decide.
    package private(set) var entries: [Entry] = []
    /// What is known without the database; for planned commands empty yet.
    package private(set) var applied: [[Applied]] = []

    /// Reads the records of `batches`.
    package init(_ batches: [LaneBatch], nowMilliseconds: Int64, epoch: Int64) {
        let order = batches.indices.sorted {
            let (left, right) = (batches[$0].lane, batches[$1].lane)
            return left.topic == right.topic
                ? left.partition < right.partition : utf8Order(left.topic.rawValue, right.topic.rawValue)
        }
        lanes = order.map { batches[$0] }
        places = batches.indices.map { _ in 0 }
        for (place, batch) in order.enumerated() { places[batch] = place }
        for (batch, content) in batches.enumerated() {
            var results: [Applied] = []
            results.reserveCapacity(content.records.count)
            for (index, record) in content.records.enumerated() {
                switch CommandDecoder.decode(record, nowMilliseconds: nowMilliseconds, epoch: epoch) {
                case .planned(let command):
                    entries.append(Entry(command: command, batch: batch, record: index))
                    results.append(Applied())
                case .done(let done): results.append(done)
                }
            }
            applied.append(results)
        }
    }

    /// The whole plan in one piece.
    package var whole: Piece { Piece(range: entries.indices, isLast: true) }

    /// A run of entries that goes to the database in one transaction.
    package struct Piece: Sendable, Equatable {
        /// Places in `entries`.
        package var range: Range<Int>
        /// Whether everything after it, too, is done once it is.
        package var isLast: Bool

        /// Two halves, to find poison; nil for a single one.
        package var halves: (Piece, Piece)? {
            guard range.count > 1 else { return nil }
            let middle = range.lowerBound + range.count / 2
            return (
                Piece(range: range.lowerBound..<middle, isLast: false),
                Piece(range: middle..<range.upperBound, isLast: isLast)
            )
        }

        /// The same place without a command in it: it only moves offsets on.
        package var emptied: Piece { Piece(range: range.upperBound..<range.upperBound, isLast: isLast) }
    }

    /// For each of `lanes` the offset up to which all is decided once `piece` is stored; 0 where nothing changes.
    package func nextOffsets(_ piece: Piece) -> [Int64] {
        if piece.isLast { return lanes.map { ($0.records.last?.offset ?? -1) + 1 } }
        var next = [Int64](repeating: 0, count: lanes.count)
        for entry in entries[..<piece.range.upperBound] { next[places[entry.batch]] = entry.command.offset + 1 }
        return next
    }

    /// From now on only the refusal of this entry is to be kept.
    package mutating func poison(_ entry: Int) { entries[entry].command.isPoison = true }

    /// Keeps what came of an entry.
    package mutating func settle(_ entry: Int, _ result: Applied) {
        applied[entries[entry].batch][entries[entry].record] = result
    }
}
