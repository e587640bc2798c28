package import Chat
import JSON

/// A page of history (`room.history`), ascending.
package struct HistoryPage: Sendable {
    private let question: HistoryQuestion
    private let lastSeq: Seq
    private let lastReadSeq: Seq
    private var events: [(seq: Seq, json: [UInt8])] = []

    /// An empty page that answers `question`.
    package init(_ question: HistoryQuestion, lastSeq: Seq, lastReadSeq: Seq) {
        self.question = question
        self.lastSeq = lastSeq
        self.lastReadSeq = lastReadSeq
    }

    /// Adds the event behind those that are there.
    package mutating func append(_ event: Event, _ history: EventHistory) {
        var writer = JSONWriter(capacityBytes: 512)
        event.write(into: &writer, history: history)
        events.append((event.seq, writer.bytes))
    }

    /// The answer's value: the events that fit into the question's `bytesMax`, at least one; from the end where the
    /// newest are asked for. `more`: there are further ones in that direction.
    package func json(epoch: Int64) -> [UInt8] {
        let range = fitting
        var writer = JSONWriter(capacityBytes: 1024)
        writer.beginObject()
        writer.member("roomId", question.roomID)
        writer.member("epoch", epoch)
        writer.member("lastSeq", lastSeq)
        writer.member("lastReadSeq", lastReadSeq)
        writer.key("more")
        writer.bool(hasMore(range))
        writer.key("chatMessage")
        writer.beginArray()
        for event in events[range] { writer.raw(event.json) }
        writer.endArray()
        writer.endObject()
        return writer.bytes
    }

    private var fitting: Range<Int> {
        var bytes = 0
        var count = 0
        let forwards = question.since != nil
        while count < events.count {
            bytes += events[forwards ? count : events.count - 1 - count].json.count + 1
            if count > 0, bytes > question.bytesMax { break }
            count += 1
        }
        return forwards ? 0..<count : events.count - count..<events.count
    }

    private func hasMore(_ range: Range<Int>) -> Bool {
        guard let first = events[range].first?.seq, let last = events[range].last?.seq else { return false }
        guard question.since != nil else { return first > 1 }
        return last < min(lastSeq, (question.before ?? .max) - 1)
    }
}
