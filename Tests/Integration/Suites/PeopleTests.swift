import Foundation
import TestSupport
import Testing

/// CONTRACT section 2, People.
@Suite(.serialized) struct PeopleTests {
    @Test func signUpAnswersWithoutASession() throws {
        let id = Shared.newID()
        let answer = try Shared.front()("POST", "/users", json(["userId": id, "userName": "김에이", "password": "demo"]))
        #expect(answer.status == 201)
        #expect(answer.json["userId"] as? String == id && answer.json["userName"] as? String == "김에이")
        #expect(answer["set-cookie"] == nil && answer["x-request-id"]?.isEmpty == false)
        let again = try Shared.front(2)("POST", "/users", json(["userId": id, "userName": "B", "password": "demo"]))
        #expect(again.status == 409 && again.code == "already_exists")
    }

    @Test(arguments: [
        ["userId": "me", "userName": "a", "password": "demo"], ["userId": "..", "userName": "a", "password": "demo"],
        ["userId": "a b", "userName": "a", "password": "demo"], ["userId": "", "userName": "a", "password": "demo"],
        ["userId": "good", "userName": "", "password": "demo"], ["userId": "good", "userName": "a", "password": "abc"],
        ["userId": "good", "userName": "a\u{7}b", "password": "demo"], ["userId": "good", "userName": "a"],
        ["userId": "a|b", "userName": "a", "password": "demo"], ["userId": "🙂", "userName": "a", "password": "demo"],
    ])
    func whatIsNotAllowedIsInvalid(fields: [String: String]) throws {
        let answer = try Shared.front()("POST", "/users", json(fields))
        #expect(answer.status == 422 && answer.code == "invalid", "\(answer.body)")
    }

    @Test func lengthsCountScalarsAndOctets() throws {
        let long = String(repeating: "가", count: 64 - 12) + String(UUID().uuidString.prefix(8)) + "abcd"
        func signUp(_ id: String, _ password: String) throws -> Int {
            try Shared.front()("POST", "/users", json(["userId": id, "userName": "a", "password": password])).status
        }
        #expect(try signUp(long, "demo") == 201)
        #expect(try signUp(long + "x", "demo") == 422)
        #expect(try signUp(Shared.newID(), String(repeating: "a", count: 256)) == 201)
        #expect(try signUp(Shared.newID(), String(repeating: "a", count: 257)) == 422)
    }

    @Test func aDecomposedNameIsTheSamePerson() throws {
        let id = Shared.newID() + "한글"
        _ = try Shared.front().newPerson(id.precomposedStringWithCanonicalMapping)
        let session = try Shared.front(2)(
            "POST", "/sessions", json(["userId": id.decomposedStringWithCanonicalMapping, "password": "demo"]))
        #expect(session.status == 200)
    }

    @Test func aSessionHasATokenAndACookie() throws {
        let person = try Shared.person()
        let answer = try Shared.front()("POST", "/sessions", json(["userId": person.id, "password": "demo"]))
        #expect(answer.status == 200 && answer.json["userId"] as? String == person.id)
        #expect(answer.json["userName"] is String && answer.json["expiresAt"] is String)
        let token = try #require(answer.json["token"] as? String)
        let cookie = try #require(answer["set-cookie"])
        for part in ["session=\(token)", "Path=/", "HttpOnly", "SameSite=Strict", "Max-Age="] {
            #expect(cookie.contains(part), "\(cookie)")
        }
        #expect(!cookie.contains("Secure"))
        let byCookie = try Shared.front(2)("GET", "/rooms", headers: ["Cookie": "a=b; session=\(token)"])
        #expect(byCookie.status == 200)
    }

    @Test func wrongPasswordsAndUnknownPeopleSoundAlike() throws {
        let person = try Shared.person()
        let wrong = try Shared.front()("POST", "/sessions", json(["userId": person.id, "password": "wrong"]))
        let unknown = try Shared.front()("POST", "/sessions", json(["userId": Shared.newID("no"), "password": "demo"]))
        #expect(wrong.status == 401 && wrong.code == "unauthenticated")
        #expect(unknown.status == 401 && unknown.code == "unauthenticated")
        let words = [wrong, unknown].map { ($0.json["error"] as? [String: Any])?["message"] as? String }
        #expect(words[0] == words[1])
    }

    @Test func anEndedSessionEndsEverywhere() throws {
        let person = try Shared.person()
        let other = try Shared.front(2).loggedIn(person.id)
        let sessions = try person.call("GET", "/sessions").list("sessions")
        #expect(sessions.count == 2)
        #expect(sessions.filter { $0["current"] as? Bool == true }.count == 1)
        for field in ["sessionId", "createdAt", "lastSeenAt"] { #expect(sessions.allSatisfy { $0[field] is String }) }
        let socket = try StompClient(
            port: other.port, headers: ["Authorization": "Bearer \(try #require(other.token))"])
        try socket.send("CONNECT", ["accept-version": "1.2"])
        _ = try socket.wait { $0.command == "CONNECTED" }
        #expect(try other("DELETE", "/sessions/current").status == 204)
        #expect(try socket.closing(within: 5) == 4401)
        #expect(try Deadline.wait(seconds: 3) { try other.at(port: person.call.port)("GET", "/rooms").status == 401 })
        #expect(try other("GET", "/rooms").code == "unauthenticated")
        #expect(try person.call("GET", "/rooms").status == 200)
    }

    @Test(arguments: ["", "x", "Bearer", "a.b", "YWJj.ZGVm"])
    func aTokenThatIsNoneIsRefused(token: String) throws {
        let answer = try HTTPCaller(port: Shared.system().httpPort, token: token)("GET", "/rooms")
        #expect(answer.status == 401 && answer.code == "unauthenticated")
    }

    @Test func aTokenThatWasChangedIsRefused() throws {
        let token = try #require(try Shared.person().call.token)
        for index in stride(from: 0, to: token.count, by: 7) {
            var changed = Array(token)
            changed[index] = changed[index] == "A" ? "B" : "A"
            let answer = try HTTPCaller(port: Shared.system().httpPort, token: String(changed))("GET", "/rooms")
            #expect(answer.status == 401, "octet \(index)")
        }
    }

    @Test func aProfileIsSeenByOthers() throws {
        let (person, other) = (try Shared.person(), try Shared.person())
        #expect(try person.call("PUT", "/users/me", json(["userName": "New"])).status == 200)
        #expect(try person.call("PUT", "/users/me/status", json(["userStatus": "away"])).status == 200)
        let profile = try other.call("GET", "/users/\(person.id)")
        #expect(profile.status == 200)
        #expect(profile.json["userName"] as? String == "New" && profile.json["userStatus"] as? String == "away")
        let none = try other.call("GET", "/users/\(Shared.newID("no"))")
        #expect(none.status == 404 && none.code == "not_found")
    }
}
