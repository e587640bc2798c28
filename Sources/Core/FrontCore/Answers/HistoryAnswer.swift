import Chat
import JSON

/// The answer to `room.history`: a page of events, ascending, each as the bytes that clients get.
struct HistoryAnswer: Sendable, Equatable {
    /// The epoch of the database.
    let epoch: Int64
    /// The seq of the room's newest event.
    let lastSeq: Seq
    /// How far the asker has read.
    let lastReadSeq: Seq
    /// Whether there are more events in the direction that was asked for.
    let more: Bool
    /// The page.
    let events: [PastEvent]

    /// Reads the answer without taking its events apart. Throws `internal` where a backend says something else.
    init(_ answer: Answer) throws(ChatError) {
        guard let (head, events) = answer.value.withUnsafeBytes({ HistoryAnswer.split($0, of: answer.value) }) else {
            throw .unreadableAnswer
        }
        let fields = Fields(.object(head))
        do {
            epoch = try fields.optionalInteger("epoch") ?? answer.epoch
            lastSeq = try fields.integer("lastSeq")
            lastReadSeq = try fields.optionalInteger("lastReadSeq") ?? 0
            more = try fields.optionalBool("more") ?? false
        } catch {
            throw .unreadableAnswer
        }
        self.events = events
    }

    private static func split(_ bytes: UnsafeRawBufferPointer, of value: [UInt8]) -> ([JSONMember], [PastEvent])? {
        guard let members = JSONSlices.members(of: bytes) else { return nil }
        var head: [JSONMember] = []
        var events: [PastEvent] = []
        for (name, range) in members {
            guard name == "chatMessage" else {
                guard let part = try? JSONParser.parse(UnsafeRawBufferPointer(rebasing: bytes[range])) else {
                    return nil
                }
                head.append(JSONMember(name, part))
                continue
            }
            guard let elements = JSONSlices.elements(of: bytes, in: range) else { return nil }
            events.reserveCapacity(elements.count)
            for element in elements {
                guard let seq = PastEvent.seq(UnsafeRawBufferPointer(rebasing: bytes[element])) else { return nil }
                events.append(PastEvent(seq: seq, json: value[element]))
            }
        }
        return (head, events)
    }
}

/// An event of a history page.
struct PastEvent: Sendable, Equatable {
    /// Its number in the room.
    let seq: Seq
    /// The event in its present state, with `writer`; a part of the answer's bytes, which it keeps alive.
    let json: ArraySlice<UInt8>

    fileprivate static func seq(_ json: UnsafeRawBufferPointer) -> Seq? {
        if let scan = EventScan(json) { return scan.seq }
        return (try? JSONParser.parse(json))?["seq"]?.integer
    }
}
