import Chat

/// The newest events of a room as they are delivered (with names), in seq order without a gap; bounded by octets.
struct EventCache {
    /// One event.
    struct Entry {
        let seq: Seq
        let messageID: MessageID
        let body: [UInt8]
    }

    private var entries: [Entry] = []
    private var start = 0
    /// Octets of all bodies.
    private(set) var bytes = 0
    private let bytesMax: Int

    init(bytesMax: Int) { self.bytesMax = bytesMax }

    /// The events after `seq`, oldest first; nil where the cache does not reach back so far.
    func after(_ seq: Seq) -> ArraySlice<Entry>? {
        guard start < entries.count else { return nil }
        let offset = seq + 1 - entries[start].seq
        guard offset >= 0 else { return nil }
        return entries[min(start + Int(offset), entries.count)...]
    }

    /// Adds the next event; one that does not follow the last begins the cache anew.
    mutating func append(_ entry: Entry) {
        if start < entries.count, let last = entries.last, last.seq + 1 != entry.seq { removeAll() }
        entries.append(entry)
        bytes += entry.body.count
        while bytes > bytesMax, start < entries.count - 1 {
            bytes -= entries[start].body.count
            start += 1
        }
        if start > 64, start * 2 > entries.count {
            entries.removeFirst(start)
            start = 0
        }
    }

    /// Forgets everything.
    mutating func removeAll() {
        entries.removeAll()
        start = 0
        bytes = 0
    }
}
