import Backend
import BackendCore
import Chat
import JSON
import Postgres
import Synchronization
import TestSupport

/// A store on a database of its own, with one lane, and short words for what people do.
final class ChatFixture {
    static let now: Int64 = 1_763_698_200_123
    let uri: PostgresURI
    let store: ChatStore
    var lane: Lane
    var clock = ChatFixture.now
    private var counter: UInt64 = 0

    /// `people` have signed up; their names are their ids with a dot before.
    init(_ people: [String] = ["A", "B", "C", "D"], operators: Set<String> = []) throws {
        uri = try Self.newDatabase()
        var configuration = ChatStore.Configuration(uri: uri)
        configuration.operators = operators
        configuration.sessionKeys = Self.keys
        store = ChatStore(configuration)
        try store.connect()
        lane = try store.takeLane(incarnation: "test", topic: .chatMessageRequest, partition: 0)
        for person in people {
            try sql(
                "INSERT INTO chat.app_user (user_id, user_name, created_at, credential) "
                    + "VALUES ('\(person)', '.\(person)', now(), '')"
            )
        }
    }

    static let keys = SessionKeys(secret: [UInt8](repeating: 7, count: 32)) { key, text in
        // Not HMAC, but different for each purpose, which is all a test needs.
        var out = [UInt8](repeating: 0, count: 32)
        for (index, byte) in (key + text).enumerated() { out[index % 32] = out[index % 32] &* 31 &+ byte }
        return out
    }

    private static let template = Mutex<String?>(nil)

    /// A copy of a database with the schema.
    static func newDatabase() throws -> PostgresURI {
        let server = try PrivatePostgres.shared()
        let admin = PostgresConnection(
            try PostgresURI(server.uri()), applicationName: "tests", limits: Migrator.limits)
        try admin.connect()
        let source = try template.withLock { existing in
            if let existing { return existing }
            let name = server.newDatabaseName()
            try admin.run("CREATE DATABASE \(name)")
            let connection = PostgresConnection(
                try PostgresURI(server.uri(database: name)), applicationName: "tests", limits: Migrator.limits)
            try connection.connect()
            _ = try Migrator.migrate(connection)
            connection.close()
            existing = name
            return name
        }
        let name = server.newDatabaseName()
        // The session that migrated may take a moment to be gone, and two copies at once are refused.
        var tries = 0
        var isMade = false
        while !isMade {
            do {
                try admin.run("CREATE DATABASE \(name) TEMPLATE \(source)")
                isMade = true
            } catch {
                tries += 1
                guard tries < 500, error.sqlState == "55006" else { throw error }
                try admin.run("SELECT pg_sleep(0.02)")
            }
        }
        return try PostgresURI(server.uri(database: name))
    }

    /// Runs SQL on the store's database and gives the rows as text.
    @discardableResult
    func sql(_ text: String) throws -> [[String?]] {
        let connection = PostgresConnection(uri, applicationName: "tests")
        try connection.connect()
        let rows = try connection.run(text)
        return (0..<rows.count).map { row in (0..<rows.columnsCount).map { rows.optionalText(row, $0) } }
    }

    /// A new id of a message, version 7 or, for an idempotency key, 8.
    func id(keyed: Bool = false) -> MessageID {
        counter += 1
        let plain = MessageID(milliseconds: clock, random: (0, counter))
        return keyed ? MessageID(high: plain.high & 0xFFFF_FFFF_FFFF_0FFF | 0x8000, low: plain.low) : plain
    }

    /// A record as a front would produce it.
    func record(
        _ command: Command, by user: String, id: MessageID? = nil, offset: Int64? = nil, notAfter: Int64? = nil
    ) -> IncomingRecord {
        counter += 1
        var headers = RecordHeaders(type: command.type.rawValue)
        headers.correlationID = CorrelationID(boot: MessageID(high: 1, low: 2), counter: counter)
        headers.replyTo = ReplyTo(frontID: "front-1", partition: 3)
        headers.userID = user
        headers.messageID = id ?? self.id()
        headers.notAfterMilliseconds = notAfter ?? (clock + 30_000)
        return IncomingRecord(
            offset: offset ?? lane.nextOffset, key: command.key(userID: user), value: command.value,
            headers: .success(headers))
    }

    /// Applies records one behind the other in one batch; those that were given no offset get the next ones.
    @discardableResult
    func apply(_ records: [IncomingRecord]) throws -> [Applied] {
        var records = records
        for index in records.indices where records[index].offset == lane.nextOffset {
            records[index].offset = lane.nextOffset + Int64(index)
        }
        let batch = LaneBatch(lane: lane, records: records, answeredOffset: lane.answeredOffset)
        let results = try store.apply([batch], nowMilliseconds: clock)
        lane.nextOffset = max(lane.nextOffset, (records.last?.offset ?? -1) + 1)
        return results[0]
    }

    /// What comes of one command.
    @discardableResult
    func apply(_ command: Command, by user: String, id: MessageID? = nil) throws -> Told {
        Told(try apply([record(command, by: user, id: id)])[0])
    }

    /// Makes a room and gives its id.
    func room(_ kind: RoomKind = .group, by user: String = "A", with others: [String] = []) throws -> RoomID {
        let create = RoomCreate(roomName: kind == .direct ? "" : "room", kind: kind, userIDs: others)
        return try apply(.createRoom(create), by: user).roomID
    }

    /// Says something.
    @discardableResult
    func say(_ text: String = "hi", in room: RoomID, by user: String, id: MessageID? = nil) throws -> Told {
        try apply(.send(MessageSend(roomID: room, message: text)), by: user, id: id)
    }

    /// The answer to a question.
    func ask(_ question: Question, by user: String) throws -> (value: JSONValue, isRefused: Bool) {
        var headers = RecordHeaders(type: question.type.rawValue)
        headers.replyTo = ReplyTo(frontID: "front-1", partition: 3)
        headers.userID = user
        let record = IncomingRecord(
            offset: 0, key: question.key(userID: user), value: question.value, headers: .success(headers))
        let applied = try store.answer(record, nowMilliseconds: clock)
        guard let answer = applied.records.first else { return (.null, true) }
        return (try JSONParser.parse(answer.value), answer.headers.outcome == .refused)
    }

    /// Holds I3 against the whole database: the seqs of each room are exactly 1 … last_seq, and time does not go back.
    func gaps() throws -> [[String?]] {
        try sql(
            """
            SELECT r.room_id, r.last_seq, count(e.seq), max(e.seq)
            FROM chat.room r LEFT JOIN chat.event e USING (room_id)
            GROUP BY r.room_id HAVING count(e.seq) <> r.last_seq OR coalesce(max(e.seq), 0) <> r.last_seq
            UNION ALL
            SELECT a.room_id, a.seq, 0, 0
            FROM chat.event a JOIN chat.event b ON b.room_id = a.room_id AND b.seq = a.seq + 1
            WHERE b.created_at < a.created_at
            """)
    }
}

/// What came of a command, in short: `MESSAGE 3`, `JOIN 1 B`, `ROLE 2 B owner`, `refused not_a_member`, `unchanged`,
/// `made 1`, `READ 41>57`.
struct Told: Equatable {
    let applied: Applied
    let values: [JSONValue]

    init(_ applied: Applied) {
        self.applied = applied
        values = applied.records.map { (try? JSONParser.parse($0.value)) ?? .null }
    }

    var roomID: RoomID { values.first?["roomId"]?.integer ?? 0 }

    var short: [String] {
        values.map { value in
            if let code = value["error"]?["code"]?.string { return "refused \(code)" }
            if let type = value["type"]?.string {
                if type == "READ" {
                    return "READ \(value["previousReadSeq"]?.integer ?? -1)>\(value["lastReadSeq"]?.integer ?? -1)"
                }
                return [type, "\(value["seq"]?.integer ?? -1)", value["targetId"]?.string, value["role"]?.string]
                    .compactMap { $0 }.joined(separator: " ")
            }
            if value["members"] != nil { return "made \(value["roomId"]?.integer ?? -1)" }
            return "unchanged"
        }
    }
}
