import Chat
import Crypto
import JSON
import Testing

@testable import FrontCore

@Suite struct APISessionTests {
    /// What a backend keeps of a password, and how it answers (RFC 5802 §3); an implementation of its own, to hold the
    /// front's against.
    struct Server {
        let salt = Array("0123456789abcdef".utf8)
        let salted: [UInt8]

        init(password: String) {
            salted = PBKDF2SHA256.derive(password: password.utf8, salt: salt, iterations: 4096)
        }

        func first(_ clientFirst: String) -> String {
            "\(clientFirst.split(separator: ",").last ?? "")SERVER,s=\(Base64.encode(salt)),i=4096"
        }

        /// server-final-message, nil for a wrong proof.
        func final(_ login: JSONValue) -> String? {
            guard let first = login["clientFirst"]?.string, let challenge = login["serverFirst"]?.string,
                let final = login["clientFinal"]?.string, let cut = final.firstRange(of: ",p="),
                let proof = Base64.decode(String(final[cut.upperBound...]))
            else { return nil }
            let auth = "\(first.dropFirst(3)),\(challenge),\(final[..<cut.lowerBound])"
            let clientKey = HMACSHA256.code("Client Key".utf8, key: salted)
            let signature = HMACSHA256.code(auth.utf8, key: SHA256.hash(clientKey))
            guard proof == zip(clientKey, signature).map({ $0 ^ $1 }) else { return nil }
            let serverKey = HMACSHA256.code("Server Key".utf8, key: salted)
            return "v=" + Base64.encode(HMACSHA256.code(auth.utf8, key: serverKey))
        }
    }

    private func logIn(_ harness: APIHarness, _ password: String, server: Server) throws -> HTTPRequestID {
        let id = harness.send("POST", "/sessions", #"{"userId":"A","password":"\#(password)"}"#, as: nil)
        let challenge = try harness.take(.userChallenge)
        #expect(challenge.key == "A" && challenge.topic == .userRequest)
        harness.answer(
            challenge,
            JSONValue.object([
                JSONMember("serverFirst", .string(server.first(challenge.value["clientFirst"]?.string ?? "")))
            ]).text)
        try harness.derive()
        let login = try harness.take(.userLogin)
        if let final = server.final(login.value) {
            harness.answer(login, #"{"serverFinal":"\#(final)","userId":"A","userName":"김에이"}"#)
        } else {
            harness.refuse(login, .unauthenticated)
        }
        return id
    }

    @Test func logsInAndOut() throws {
        let harness = APIHarness()
        let id = try logIn(harness, "secret1", server: Server(password: "secret1"))
        let seen = try #require(harness.response(id))
        #expect(seen.status == 200 && seen["X-Request-Id"] == "request-1")
        #expect(seen.body.members?.map(\.name) == ["token", "userId", "userName", "expiresAt"])
        #expect(seen.body["userName"]?.string == "김에이")
        #expect(seen.body["expiresAt"]?.string == Timestamp.text(milliseconds: APIHarness.start + 30 * 86_400_000))
        let token = try #require(seen.body["token"]?.string)
        #expect(seen["Set-Cookie"] == "session=\(token); Path=/; HttpOnly; SameSite=Strict; Max-Age=2592000")

        // The session is known already: nobody is asked.
        let list = harness.send("GET", "/sessions", as: nil) { $0.sessionCookie = token }
        let question = try harness.take(.userSessions)
        let session = try #require(SessionToken(token, key: harness.node.settings.keys.token, now: 0)?.sessionID)
        harness.answer(
            question,
            #"{"sessions":[{"sessionId":"\#(session)","createdAt":"x","lastSeenAt":"y","client":"tests"},"#
                + #"{"sessionId":"other","createdAt":"x","lastSeenAt":"y","client":""}],"next":null}"#)
        #expect(
            harness.response(list)?.text
                == #"{"sessions":[{"sessionId":"\#(session)","createdAt":"x","lastSeenAt":"y","client":"tests","#
                + #""current":true},{"sessionId":"other","createdAt":"x","lastSeenAt":"y","client":"","#
                + #""current":false}]}"#
        )

        let end = harness.send("DELETE", "/sessions/current", as: nil) { $0.authorization = "bearer \(token)" }
        let logout = try harness.take(.userLogout)
        #expect(logout.value["sessionId"]?.string == session.description && logout.key == "A")
        harness.answer(logout, "{}")
        let ended = try #require(harness.response(end))
        #expect(ended.status == 204 && ended.text.isEmpty)
        #expect(ended["Set-Cookie"] == "session=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0")
        let after = harness.send("GET", "/sessions", as: nil) { $0.sessionCookie = token }
        #expect(harness.response(after)?.code == "unauthenticated" && harness.asked.isEmpty)
        #expect(!harness.everything.contains(Array("secret1".utf8)) && !harness.everything.contains(Array(token.utf8)))
    }

    @Test func wrongPasswordsAreCountedAndRightOnesAreNot() throws {
        let harness = APIHarness { $0.loginsPerMinute = 3 }
        let server = Server(password: "right")
        for _ in 0..<5 {
            #expect(harness.response(try logIn(harness, "right", server: server))?.status == 200)
        }
        for _ in 0..<3 {
            let wrong = try #require(harness.response(try logIn(harness, "wrong", server: server)))
            #expect(wrong.status == 401 && wrong.code == "unauthenticated" && wrong["WWW-Authenticate"] == "Bearer")
        }
        let limited = harness.send("POST", "/sessions", #"{"userId":"A","password":"right"}"#, as: nil)
        let seen = try #require(harness.response(limited))
        #expect(seen.status == 429 && seen.code == "rate_limited" && seen["Retry-After"] == "60")
        #expect(harness.asked.isEmpty)
        harness.pass(milliseconds: 60_000)
        #expect(harness.response(try logIn(harness, "right", server: server))?.status == 200)
    }

    @Test func peopleWhoDoNotExistAreCountedToo() throws {
        let harness = APIHarness { $0.loginsPerMinute = 1 }
        let body = #"{"userId":"nobody","password":"wrong"}"#
        let first = harness.send("POST", "/sessions", body, as: nil)
        harness.refuse(try harness.take(.userChallenge), .unauthenticated)
        #expect(harness.response(first)?.status == 401)
        #expect(harness.response(harness.send("POST", "/sessions", body, as: nil))?.status == 429)
    }

    @Test func whatNobodyCouldSayIsNotCounted() throws {
        let harness = APIHarness { $0.loginsPerMinute = 1 }
        let body = #"{"userId":"A","password":"right"}"#
        for _ in 0..<3 {
            let id = harness.send("POST", "/sessions", body, as: nil)
            harness.pass(milliseconds: 6000)
            let seen = try #require(harness.response(id))
            #expect(seen.status == 503 && seen.code == "unavailable" && seen["Retry-After"] == "1")
            harness.asked = []
        }
    }

    @Test func aServerThatDoesNotKnowTheVerifierIsNotBelieved() throws {
        let harness = APIHarness()
        let server = Server(password: "right")
        let id = harness.send("POST", "/sessions", #"{"userId":"A","password":"right"}"#, as: nil)
        let challenge = try harness.take(.userChallenge)
        harness.answer(
            challenge, #"{"serverFirst":"\#(server.first(challenge.value["clientFirst"]?.string ?? ""))"}"#)
        try harness.derive()
        harness.answer(
            try harness.take(.userLogin), #"{"serverFinal":"v=AAAA","userId":"A","userName":"A"}"#)
        #expect(harness.response(id)?.status == 500)
    }

    @Test(arguments: [
        ("{}", 422), (#"{"userId":"A"}"#, 422), (#"{"userId":1,"password":"abcd"}"#, 422), ("[]", 400), ("", 400),
        (#"{"userId":"no such!","password":"abcd"}"#, 401), (#"{"userId":"A","password":"abc"}"#, 401),
    ])
    func refusesWithoutAsking(_ body: String, _ status: Int) {
        let harness = APIHarness()
        let id = harness.send("POST", "/sessions", body, as: nil)
        #expect(harness.response(id)?.status == status && harness.asked.isEmpty)
    }

    @Test func tooManyDerivationsAreRefused() throws {
        let harness = APIHarness { $0.derivationsMax = 1 }
        let body = #"{"userId":"N","userName":"n","password":"abcd"}"#
        let first = harness.send("POST", "/users", body, as: nil)
        let second = harness.send("POST", "/users", body, as: nil)
        #expect(harness.response(second)?.code == "overloaded" && harness.response(second)?.status == 503)
        harness.pass(milliseconds: 20_000)
        #expect(harness.response(first)?.code == "overloaded")
        try harness.derive()
        #expect(harness.asked.isEmpty)
    }
}

extension JSONValue {
    /// The text of this tree.
    var text: String { String(decoding: bytes, as: UTF8.self) }
}
