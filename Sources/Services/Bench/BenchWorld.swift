import Client
import JSON
import Linux

/// The people and rooms of a bench, made anew for each run, so that runs do not disturb each other.
struct BenchWorld {
    /// A front lets one person have so many connections (GUARANTEES, Front limits: 32); a little less, for those that
    /// are still closing.
    private static let connectionsPerPerson = 24

    /// Tokens of the people, all of whom are in every room.
    let tokens: [String]
    let roomIDs: [Int64]

    /// Makes `rooms` rooms and as many people as `connections` need.
    ///
    /// They are group rooms with everybody in them, so that no message brings a JOIN with it.
    init(_ front: BenchConfiguration.Front, rooms: Int, connections: Int) throws(BenchFailure) {
        let people = max(1, (connections + Self.connectionsPerPerson - 1) / Self.connectionsPerPerson)
        let run = String(SystemRandom.next(), radix: 36)
        let names = (0..<people).map { "bench-\(run)-\($0)" }
        do {
            let client = HTTPClient(try ClientURL("http://\(front)"), timeoutMilliseconds: 40_000)
            var tokens: [String] = []
            for name in names { tokens.append(try Self.logIn(client, name)) }
            client.token = tokens[0]
            let others = JSONValue.array(names.dropFirst().map { .string($0) })
            var rooms: [Int64] = Array(repeating: 0, count: rooms)
            for index in rooms.indices {
                let room = try client.json(
                    "POST", "/rooms",
                    .object([
                        JSONMember("roomName", .string("bench \(index)")), JSONMember("kind", .string("group")),
                        JSONMember("userIds", others),
                    ]))
                guard let id = room["roomId"]?.integer else { throw ClientError.broken("a room without roomId") }
                rooms[index] = id
            }
            self.tokens = tokens
            roomIDs = rooms
        } catch {
            throw BenchFailure("setting up at \(front): \(error)")
        }
    }

    /// The token with which connection number `index` logs in.
    func token(ofConnection index: Int) -> String { tokens[index % tokens.count] }

    private static func logIn(_ client: HTTPClient, _ name: String) throws(ClientError) -> String {
        let password = JSONMember("password", .string("bench-password"))
        let userID = JSONMember("userId", .string(name))
        _ = try client.json("POST", "/users", .object([userID, JSONMember("userName", .string("Bench")), password]))
        let session = try client.json("POST", "/sessions", .object([userID, password]))
        guard let token = session["token"]?.string else { throw .broken("a session without token") }
        return token
    }
}
