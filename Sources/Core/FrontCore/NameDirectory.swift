import Chat
import JSON

/// The present names of people, as far as this reactor had to know them; bounded.
package struct NameDirectory {
    /// Names kept at the most.
    package static let entriesMax = 100_000

    private var entries: [String: Entry] = [:]

    /// One person's name.
    struct Entry {
        /// The name.
        let name: String
        /// `"writer":"NAME",`, ready to be spliced into a fact.
        let writerMember: [UInt8]
    }

    /// The entry of `userID`, nil where the name must be asked for.
    subscript(userID: String) -> Entry? { entries[userID] }

    /// Notes a name that a backend told. Beyond the bound all are forgotten: asking again is cheap, and a working set
    /// of that size is not expected to fit.
    mutating func learn(userID: String, name: String) {
        if entries.count >= Self.entriesMax, entries[userID] == nil { entries.removeAll(keepingCapacity: true) }
        var writer = JSONWriter(capacityBytes: name.utf8.count + 16)
        writer.member("writer", name)
        entries[userID] = Entry(name: name, writerMember: writer.bytes + [UInt8(ascii: ",")])
    }

    /// Changes a name that is kept; others are not worth their room.
    mutating func change(userID: String, name: String) {
        if entries[userID] != nil { learn(userID: userID, name: name) }
    }

    /// Forgets a person.
    mutating func forget(userID: String) { entries[userID] = nil }
}
