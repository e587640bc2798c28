import Chat
import JSON

/// An answer that is a list: one array, and `next` where there is more.
struct ListAnswer: Sendable, Equatable {
    private let name: String
    /// What the array holds.
    var entries: [JSONValue]
    /// To be given back as `after`; nil: there is no more.
    let next: String?

    /// Reads the answer, whose array is called `name`. Throws `internal` where a backend says something else.
    init(_ answer: Answer, _ name: String) throws(ChatError) {
        guard let value = try? JSONParser.parse(answer.value, depthMax: 64), let entries = value[name]?.array else {
            throw .unreadableAnswer
        }
        self.name = name
        self.entries = entries
        next = value["next"]?.string
    }

    /// The list as clients get it.
    var json: JSONValue {
        var members = [JSONMember(name, .array(entries))]
        if let next { members.append(JSONMember("next", .string(next))) }
        return .object(members)
    }
}
