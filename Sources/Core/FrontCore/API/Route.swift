import Chat

/// One row of the table of routes.
struct Route: Sendable {
    /// What carries a request out, and whether it must be known who asks. It answers through `API`, now or later, or
    /// throws why not.
    enum Handler: Sendable {
        case anyone(@Sendable (API) -> (APICall) throws(ChatError) -> Void)
        case person(@Sendable (API) -> (APICall, Person) throws(ChatError) -> Void)
    }

    let method: String
    let handler: Handler
    private let pattern: [Part]

    private enum Part: Sendable {
        case word(String)
        case room
        case user
        case session
    }

    /// A route by its path as CONTRACT writes it, such as `/chat/{roomId}/read`.
    init(_ method: String, _ path: String, _ handler: Handler) {
        self.method = method
        self.handler = handler
        pattern = path.split(separator: "/").map { segment in
            switch segment {
            case "{roomId}": .room
            case "{userId}": .user
            case "{sessionId}": .session
            default: .word(String(segment))
            }
        }
    }

    /// What the variable parts of `path` say, nil where it is not this route's.
    func match(_ path: [String]) -> PathValues? {
        guard path.count == pattern.count else { return nil }
        var values = PathValues()
        for (part, segment) in zip(pattern, path) {
            switch part {
            case .word(let word):
                guard segment == word else { return nil }
            case .room:
                guard let roomID = Route.roomID(segment) else { return nil }
                values.roomID = roomID
            case .user: values.userID = segment
            case .session: values.sessionID = segment
            }
        }
        return values
    }

    /// A number that is too large for any room is still a number: that of a room which is not there.
    private static func roomID(_ segment: String) -> RoomID? {
        guard !segment.isEmpty, segment.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return Decimal.natural(segment) ?? .max
    }
}

/// The variable parts of a path.
struct PathValues: Sendable, Equatable {
    var roomID: RoomID = 0
    /// As it came; may be `me`, or nobody's.
    var userID = ""
    var sessionID = ""
}
