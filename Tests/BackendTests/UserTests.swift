import Backend
import BackendCore
import Chat
import Crypto
import JSON
import Testing

/// kakao.user: sign-up, log-in without secrets in topics, sessions.
@Suite struct UserTests {
    final class Desk {
        let chat: ChatFixture
        var lane: Lane
        private var counter: UInt64 = 0

        init() throws {
            chat = try ChatFixture([])
            lane = try chat.store.takeLane(incarnation: "test", topic: .userRequest, partition: 0)
        }

        func record(_ request: UserRequest, by asker: String? = nil, late: Bool = false) -> IncomingRecord {
            counter += 1
            var headers = RecordHeaders(type: request.type.rawValue)
            headers.replyTo = ReplyTo(frontID: "front-1", partition: 5)
            headers.userID = asker
            headers.messageID = MessageID(milliseconds: 1, random: (0, counter))
            headers.notAfterMilliseconds = chat.clock + (late ? -1 : 30_000)
            return IncomingRecord(
                offset: lane.nextOffset, key: request.key(asker: asker ?? ""), value: request.value,
                headers: .success(headers))
        }

        func apply(_ record: IncomingRecord) throws -> Applied {
            let batch = LaneBatch(lane: lane, records: [record], answeredOffset: 0)
            let results = try chat.store.applyUsers(batch, nowMilliseconds: chat.clock)
            lane.nextOffset = record.offset + 1
            return results[0]
        }

        /// The answer's value.
        func ask(_ request: UserRequest, by asker: String? = nil) throws -> JSONValue {
            try answer(try apply(record(request, by: asker)))
        }

        func answer(_ applied: Applied) throws -> JSONValue {
            guard let last = applied.records.last else { return .null }
            return try JSONParser.parse(last.value)
        }

        func create(_ userID: String, password: String = "demo") -> UserRequest {
            let verifier = ScramVerifier(password: password, salt: Array(userID.utf8) + [1], iterations: 4096)
            return .create(
                userID: userID, userName: "name of \(userID)",
                credential: verifier.sealed(userID: userID, keys: ChatFixture.keys))
        }

        /// A whole log-in, the client's half played here (RFC 5802 §3).
        func logIn(_ userID: String, password: String, session: String) throws -> JSONValue {
            let first = "n,,n=\(userID),r=nonce"
            guard let server = try ask(.challenge(userID: userID, clientFirst: first))["serverFirst"]?.string else {
                return .null
            }
            let parts = server.split(separator: ",")
            let salt = Base64.decode(parts[1].dropFirst(2).utf8) ?? []
            let salted = PBKDF2SHA256.derive(
                password: password.utf8, salt: salt, iterations: Int(parts[2].dropFirst(2)) ?? 1)
            let key = HMACSHA256.code("Client Key".utf8, key: salted)
            let withoutProof = "c=biws,\(parts[0])"
            let message = "n=\(userID),r=nonce,\(server),\(withoutProof)"
            let signature = HMACSHA256.code(message.utf8, key: SHA256.hash(key))
            let proof = Base64.encode(zip(key, signature).map { $0 ^ $1 })
            return try ask(
                .login(
                    UserRequest.Login(
                        userID: userID, clientFirst: first, serverFirst: server,
                        clientFinal: "\(withoutProof),p=\(proof)", sessionID: session, client: "test",
                        issuedAtMilliseconds: chat.clock, expiresAtMilliseconds: chat.clock + 1_000_000)))
        }
    }

    private func code(_ value: JSONValue) -> String? { value["error"]?["code"]?.string }

    @Test func signUpIsAFactAndAnAnswer() throws {
        let desk = try Desk()
        let record = desk.record(desk.create("alice"))
        let applied = try desk.apply(record)
        #expect(applied.records.map(\.key) == [Array("alice".utf8), Array("reply:front-1".utf8)])
        #expect(applied.records.map(\.partition) == [nil, 5])
        #expect(applied.records.allSatisfy { $0.topic == .userResponse })
        let fact = try JSONParser.parse(applied.records[0].value)
        #expect(fact.members?.map(\.name) == ["userId", "userName", "userStatus", "createdAt", "credential"])
        let answer = try desk.answer(applied)
        #expect(answer.members?.map(\.name) == ["userId", "userName"])
        #expect(try desk.apply(record) == applied)
        #expect(code(try desk.ask(desk.create("alice"))) == "already_exists")
        #expect(code(try desk.answer(try desk.apply(desk.record(desk.create("bob"), late: true)))) == "not_confirmed")
        let unsealed = UserRequest.create(userID: "eve", userName: "e", credential: "AAAA")
        #expect(code(try desk.ask(unsealed)) == "invalid")
    }

    @Test func logInBySCRAM() throws {
        let desk = try Desk()
        _ = try desk.ask(desk.create("alice", password: "pencil"))
        let good = try desk.logIn("alice", password: "pencil", session: "s1")
        #expect(good["serverFinal"]?.string?.hasPrefix("v=") == true)
        #expect(good["userName"]?.string == "name of alice")
        let wrong = try desk.logIn("alice", password: "pencil2", session: "s2")
        let nobody = try desk.logIn("nobody", password: "pencil", session: "s3")
        #expect(code(wrong) == "unauthenticated")
        #expect(wrong == nobody)
        let challenge = UserRequest.challenge(userID: "nobody", clientFirst: "n,,n=nobody,r=x")
        #expect(try desk.ask(challenge) == desk.ask(challenge))
        #expect(try desk.chat.sql("SELECT session_id, client FROM chat.session") == [["s1", "test"]])
    }

    @Test func sessions() throws {
        let desk = try Desk()
        _ = try desk.ask(desk.create("alice"))
        _ = try desk.ask(desk.create("bob"))
        _ = try desk.logIn("alice", password: "demo", session: "s1")
        let now = desk.chat.clock
        func check(_ session: String, _ user: String = "alice", until: Int64 = 60_000) throws -> JSONValue {
            try desk.ask(
                .check(userID: user, sessionID: session, issuedAtMilliseconds: now, expiresAtMilliseconds: now + until))
        }
        #expect(try check("s1")["userName"]?.string == "name of alice")
        // A token of before the database was rebuilt.
        #expect(try check("s2")["userId"]?.string == "alice")
        #expect(code(try check("s1", "bob")) == "unauthenticated")
        #expect(code(try check("s4", "nobody")) == "unauthenticated")
        #expect(code(try check("s5", until: 0)) == "unauthenticated")
        let list = try desk.ask(.sessions, by: "alice")["sessions"]?.array ?? []
        #expect(Set(list.compactMap { $0["sessionId"]?.string }) == ["s1", "s2"])
        #expect(code(try desk.ask(.logout(sessionID: "s1"), by: "bob")) == "not_found")
        let record = desk.record(.logout(sessionID: "s1"), by: "alice")
        let ended = try desk.apply(record)
        #expect(ended.records.map(\.topic) == [.session, .userResponse])
        #expect(ended.records[0].key == Array("s1".utf8))
        desk.chat.clock += 5000
        #expect(try desk.apply(record) == ended)
        #expect(code(try check("s1")) == "unauthenticated")
        #expect(try check("s2")["userId"]?.string == "alice")
        #expect(try desk.ask(.sessions, by: "alice")["sessions"]?.array?.count == 1)
    }

    @Test func profiles() throws {
        let desk = try Desk()
        _ = try desk.ask(desk.create("alice"))
        _ = try desk.ask(desk.create("bob"))
        let renamed = try desk.apply(desk.record(.rename(userName: "김에이"), by: "alice"))
        #expect(try desk.answer(renamed)["userName"]?.string == "김에이")
        #expect(try JSONParser.parse(renamed.records[0].value)["credential"]?.string?.isEmpty == false)
        #expect(try desk.ask(.status(userStatus: "hi"), by: "alice")["userStatus"]?.string == "hi")
        let users = try desk.ask(.get(userIDs: ["bob", "nobody", "alice"]))["users"]?.array ?? []
        #expect(users.compactMap { $0["userId"]?.string } == ["bob", "alice"])
        #expect(users[1]["userStatus"]?.string == "hi")
        #expect(code(try desk.ask(.rename(userName: "x"), by: "nobody")) == "unauthenticated")
    }

    @Test func anOlderOwnerIsRefusedAndNothingIsKept() throws {
        let desk = try Desk()
        _ = try desk.chat.store.takeLane(incarnation: "test", topic: .userRequest, partition: 0)
        let error = #expect(throws: StoreError.self) { try desk.ask(desk.create("alice")) }
        #expect(error == .leaseLost(.userRequest, partition: 0))
        #expect(try desk.chat.sql("SELECT count(*) FROM chat.app_user")[0][0] == "0")
        #expect(desk.chat.store.isConnected)
    }

    @Test func poisonStandsAlone() throws {
        let desk = try Desk()
        let broken = desk.record(.get(userIDs: ["a\u{0}"]))
        // The value passes no front, and the database would refuse it.
        let good = desk.record(desk.create("alice"))
        let batch = LaneBatch(lane: desk.lane, records: [broken, good], answeredOffset: 0)
        let results = try desk.chat.store.applyUsers(batch, nowMilliseconds: desk.chat.clock)
        #expect(results[0].deadLetterReason != nil)
        #expect(results[1].records.count == 2)
    }
}
