import Chat
import JSON

/// A request on its way to its answer.
struct APICall {
    let id: HTTPRequestID
    let request: APIRequest
    /// What the variable parts of the path say.
    let path: PathValues

    /// The fields of the body. Throws `bad_request` where it is no JSON object.
    func fields() throws(ChatError) -> Fields {
        let result = request.body.withUnsafeBytes { bytes in
            Result { () throws(ChatError) in try Fields(json: bytes) }
        }
        return try result.get()
    }

    /// The room of the path.
    var roomID: RoomID { path.roomID }

    /// The userId in the path, where `me` is whoever asks. Throws `not_found` for what is nobody's.
    func userID(_ person: Person) throws(ChatError) -> String {
        if path.userID == "me" { return person.userID }
        guard let userID = try? Validation.userID(path.userID) else { throw .noSuchPerson }
        return userID
    }

    /// The userIds of a field, where `me` is whoever asks. Throws what `Fields.userIDs` throws.
    func userIDs(_ name: String, _ person: Person, orEmpty: Bool = false) throws(ChatError) -> [String] {
        let fields = try fields()
        guard case .array(let elements)? = try fields.field(name) else {
            return try fields.userIDs(name, orEmpty: orEmpty)
        }
        let named = elements.map { $0 == .string("me") ? .string(person.userID) : $0 }
        return try Fields(.object([JSONMember(name, .array(named))])).userIDs(name)
    }
}

extension APICall {
    /// The value of a query item, nil where it is not there; of several the first.
    func query(_ name: String) -> String? { request.query.first { $0.name == name }?.value }

    /// A whole number of the query, nil where it is not there. Throws `bad_request`.
    func queryNumber(_ name: String) throws(ChatError) -> Int64? {
        guard let text = query(name) else { return nil }
        guard let number = Decimal.natural(text) else {
            throw ChatError(.badRequest, "The query's \(name) is no whole number from 0.")
        }
        return number
    }

    /// How many entries are wanted: 1 to 1000, more is cut. Throws `bad_request`, also for 0.
    func limit(or fallback: Int) throws(ChatError) -> Int {
        guard let text = query("limit") else { return fallback }
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            throw ChatError(.badRequest, "The query's limit is no whole number from 1.")
        }
        let limit = Decimal.natural(text) ?? .max
        guard limit > 0 else { throw ChatError(.badRequest, "The query's limit is no whole number from 1.") }
        return Int(min(limit, Int64(Limits.listMax)))
    }
}

extension ChatError {
    static let noSuchPerson = ChatError(.notFound, "There is no such person.")
    static let noSuchPath = ChatError(.notFound, "There is nothing at this path.")
}
