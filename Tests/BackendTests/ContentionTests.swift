import Backend
import BackendCore
import Chat
import Dispatch
import Postgres
import TestSupport
import Testing

/// GUARANTEES, levels of test, 4: many sessions at once with repeats and terminations; I2, I3, I4.
@Suite struct ContentionTests {
    private struct Answered: Sendable {
        let id: MessageID
        let value: [UInt8]
    }

    private static func store(_ uri: PostgresURI) -> ChatStore {
        ChatStore(ChatStore.Configuration(uri: uri))
    }

    /// Calls until it is answered, as a lane does.
    private static func insist<Value>(
        _ store: ChatStore, _ call: (ChatStore) throws(StoreError) -> Value
    ) throws(StoreError) -> Value {
        var last: StoreError?
        for _ in 0..<1000 {
            do throws(StoreError) {
                if !store.isConnected { try store.connect() }
                return try call(store)
            } catch {
                guard error.isRetriable else { throw error }
                last = error
            }
        }
        throw last ?? .schema("never called")
    }

    private static func apply(_ store: ChatStore, _ batch: LaneBatch) throws -> [Applied] {
        try insist(store) { store throws(StoreError) in
            try store.apply([batch], nowMilliseconds: ChatFixture.now)[0]
        }
    }

    private static func take(_ store: ChatStore, _ partition: Int32) throws -> Lane {
        try insist(store) { store throws(StoreError) in
            try store.takeLane(incarnation: "test", topic: .chatMessageRequest, partition: partition)
        }
    }

    @Test(arguments: [1, 2] as [UInt64])
    func repeatsAndTerminations(seed: UInt64) throws {
        let chat = try ChatFixture()
        let uri = chat.uri
        for _ in 0..<3 { _ = try chat.room(.open, with: ["B"]) }
        let writers = 4
        let answers = try atOnce(writers + 1) { thread -> [Answered] in
            guard thread < writers else {
                try Self.terminate(uri, seed: seed)
                return []
            }
            return try Self.write(uri, seed: seed, thread: thread)
        }
        #expect(try chat.gaps().isEmpty, "seed \(seed)")
        let twice = try chat.sql(
            "SELECT room_id, message_id FROM chat.event GROUP BY room_id, message_id HAVING count(*) > 1")
        #expect(twice.isEmpty, "seed \(seed)")
        var told: [MessageID: [UInt8]] = [:]
        for answer in answers.joined() {
            if let earlier = told[answer.id] { #expect(earlier == answer.value, "seed \(seed)") }
            told[answer.id] = answer.value
        }
        let stored = try chat.sql("SELECT count(*) FROM chat.event WHERE type = 'MESSAGE'")[0][0]
        #expect(stored == String(told.count), "seed \(seed)")
    }

    /// The same few hundred ids from all threads, each in its own order and lane, in three rooms.
    private static func write(_ uri: PostgresURI, seed: UInt64, thread: Int) throws -> [Answered] {
        var random = SeededRandom(seed: seed &* 31 &+ UInt64(thread))
        let store = Self.store(uri)
        var lane = try take(store, Int32(10 + thread))
        var answers: [Answered] = []
        var ids = (0..<300).map { UInt64($0) }
        ids.shuffle(using: &random)
        while !ids.isEmpty {
            let chunk = ids.prefix(Int.random(in: 1...40, using: &random))
            ids.removeFirst(chunk.count)
            let records = chunk.enumerated().map { index, id in
                Self.record(id, offset: lane.nextOffset + Int64(index))
            }
            let results = try apply(
                store, LaneBatch(lane: lane, records: records, answeredOffset: lane.nextOffset))
            lane.nextOffset += Int64(records.count)
            for applied in results {
                for record in applied.records where record.headers.type == "message.send" {
                    guard let id = record.headers.messageID else { continue }
                    answers.append(Answered(id: id, value: record.value))
                }
            }
        }
        return answers
    }

    /// Every id is one message of one person in one room; C and D come into the open rooms by it.
    private static func record(_ id: UInt64, offset: Int64) -> IncomingRecord {
        let user = ["A", "B", "C", "D"][Int(id % 4)]
        let command = Command.send(MessageSend(roomID: Int64(id % 3) + 1, message: "m\(id)"))
        var headers = RecordHeaders(type: command.type.rawValue)
        headers.userID = user
        headers.messageID = MessageID(milliseconds: ChatFixture.now, random: (0, id))
        return IncomingRecord(
            offset: offset, key: command.key(userID: user), value: command.value, headers: .success(headers))
    }

    private static func terminate(_ uri: PostgresURI, seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let connection = PostgresConnection(uri, applicationName: "terminator")
        try connection.connect()
        for _ in 0..<25 {
            try connection.run("SELECT pg_sleep(\(Double.random(in: 0...0.02, using: &random)))")
            try connection.run(
                """
                SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                WHERE datname = current_database() AND application_name = 'madang backend'
                ORDER BY random() LIMIT 1
                """)
        }
    }

    @Test func aPairHasOneDirectRoomHoweverManyAsk() throws {
        let chat = try ChatFixture()
        let uri = chat.uri
        let rooms = try atOnce(6) { thread -> [RoomID] in
            let store = Self.store(uri)
            // Not even the same partition: a zombie, or another service with keys of its own.
            let lane = try Self.take(store, Int32(10 + thread))
            let (user, other) = thread % 2 == 0 ? ("A", "B") : ("B", "A")
            let command = Command.createRoom(RoomCreate(roomName: "", kind: .direct, userIDs: [other]))
            var headers = RecordHeaders(type: command.type.rawValue)
            headers.userID = user
            headers.messageID = MessageID(milliseconds: ChatFixture.now, random: (1, UInt64(thread)))
            let record = IncomingRecord(
                offset: 0, key: command.key(userID: user), value: command.value, headers: .success(headers))
            let results = try Self.apply(store, LaneBatch(lane: lane, records: [record], answeredOffset: 0))
            return [Told(results[0]).roomID]
        }
        #expect(Set(rooms.joined()) == [1])
        #expect(try chat.sql("SELECT count(*), count(DISTINCT room_id) FROM chat.participant") == [["2", "1"]])
    }

    /// Rule 1: the rooms are locked first, then it is looked who is in them.
    @Test(arguments: [[], ["B"]])
    func membershipIsThatOfTheMomentTheRoomIsHad(mentions: [String]) throws {
        let chat = try ChatFixture()
        let room = try chat.room(with: ["B"])
        let uri = chat.uri
        let record = chat.record(.send(MessageSend(roomID: room, message: "hi", mentions: mentions)), by: "B")
        let isLocked = DispatchSemaphore(value: 0)
        let told = try atOnce(2) { thread -> [String] in
            if thread == 0 {
                let store = Self.store(uri)
                let lane = try Self.take(store, 77)
                isLocked.wait()
                let batch = LaneBatch(lane: lane, records: [record], answeredOffset: 0)
                return Told(try Self.apply(store, batch)[0]).short
            }
            defer { isLocked.signal() }
            let other = PostgresConnection(uri, applicationName: "other")
            try other.connect()
            try other.run("BEGIN")
            try other.run("SELECT FROM chat.room WHERE room_id = \(room) FOR UPDATE")
            try other.run("DELETE FROM chat.participant WHERE room_id = \(room) AND user_id = 'B'")
            isLocked.signal()
            try Self.awaitBlocked(by: other)
            try other.run("COMMIT")
            return []
        }
        #expect(told[0] == ["refused not_a_member"])
    }

    /// Returns once some session waits for a lock of `connection`'s.
    private static func awaitBlocked(by connection: PostgresConnection) throws {
        for _ in 0..<1000 {
            let rows = try connection.run(
                "SELECT count(*) FROM pg_stat_activity WHERE pg_backend_pid() = ANY (pg_blocking_pids(pid))")
            if rows.text(0, 0) != "0" { return }
            try connection.run("SELECT pg_sleep(0.005)")
        }
        Issue.record("nobody waits for the room")
    }
}
