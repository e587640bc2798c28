import Chat
import JSON
import Testing

@testable import FrontCore

@Suite struct APIRouteTests {
    /// Path, then method, then who asks, then the query and the body.
    @Test(
        arguments: [
            ("GET", "/nothing", nil, "", 404, "not_found"),
            ("GET", "/users", nil, "", 405, "method_not_allowed"),
            ("DELETE", "/users/me", "A", "", 405, "method_not_allowed"),
            ("GET", "/chat/x", nil, "", 404, "not_found"),
            ("GET", "/chat/-1", "A", "", 404, "not_found"),
            ("GET", "/chat/1/messages/5", "A", "", 404, "not_found"),
            ("PUT", "/rooms/1", "A", "{}", 404, "not_found"),
            ("GET", "/friends", "A", "", 404, "not_found"),
            ("PATCH", "/chat/1", nil, "no json", 405, "method_not_allowed"),
            ("POST", "/chat/1", nil, "no json", 401, "unauthenticated"),
            ("GET", "/chat/1?limit=x", nil, "", 401, "unauthenticated"),
            ("POST", "/chat/1", "A", "no json", 400, "bad_request"),
            ("POST", "/chat/1", "A", "", 400, "bad_request"),
            ("POST", "/chat/1", "A", "[]", 400, "bad_request"),
            ("POST", "/chat/1", "A", "{\"message\":\"\u{0}\"}", 400, "bad_request"),
            ("POST", "/chat/1", "A", #"{"message":"\ud800"}"#, 400, "bad_request"),
            ("POST", "/chat/1", "A", "{}", 422, "invalid"),
            ("POST", "/chat/1", "A", #"{"message":7}"#, 422, "invalid"),
            ("POST", "/chat/1", "A", #"{"message":" \n"}"#, 422, "invalid"),
            ("POST", "/chat/1", "A", #"{"message":"a\u0000"}"#, 422, "invalid"),
            ("POST", "/chat/1", "A", #"{"message":"a","replyTo":"5"}"#, 422, "invalid"),
            ("POST", "/chat/1", "A", #"{"message":"a","mentions":["!"]}"#, 422, "invalid"),
            ("GET", "/chat/1?limit=0", "A", "", 400, "bad_request"),
            ("GET", "/chat/1?limit=-1", "A", "", 400, "bad_request"),
            ("GET", "/chat/1?since=x", "A", "", 400, "bad_request"),
            ("GET", "/chat/1?before=", "A", "", 400, "bad_request"),
            ("GET", "/chat/1?epoch=1.5", "A", "", 400, "bad_request"),
            ("GET", "/rooms?kind=group", "A", "", 400, "bad_request"),
            ("GET", "/rooms?limit=0", "A", "", 400, "bad_request"),
            ("GET", "/chat/1/participants?limit=0", "A", "", 400, "bad_request"),
            ("PUT", "/chat/1/read", "A", "{}", 422, "invalid"),
            ("PUT", "/chat/1/read", "A", #"{"seq":-1}"#, 422, "invalid"),
            ("POST", "/chat/1/participants", "A", "{}", 422, "invalid"),
            ("POST", "/chat/1/participants", "A", #"{"userIds":[]}"#, 422, "invalid"),
            ("POST", "/chat/1/participants", "A", #"{"userIds":[5]}"#, 422, "invalid"),
            ("PUT", "/chat/1/participants/B", "A", #"{"role":"king"}"#, 422, "invalid"),
            ("PUT", "/chat/1/participants/B!", "A", #"{"role":"admin"}"#, 404, "not_found"),
            ("DELETE", "/chat/1/participants/..", "A", "", 404, "not_found"),
            ("DELETE", "/sessions/none", "A", "", 404, "not_found"),
            ("GET", "/users/no!", "A", "", 404, "not_found"),
            ("PUT", "/users/me", "A", #"{"userName":""}"#, 422, "invalid"),
            ("PUT", "/users/me", "A", #"{"userName":"a\nb"}"#, 422, "invalid"),
            ("POST", "/users", nil, #"{"userId":"me","userName":"a","password":"abcd"}"#, 422, "invalid"),
            ("POST", "/users", nil, #"{"userId":"N","userName":"a","password":"abc"}"#, 422, "invalid"),
            ("POST", "/users", nil, #"{"userId":"N","userName":"a"}"#, 422, "invalid"),
            ("POST", "/rooms", "A", #"{"roomName":"a","kind":"round","userIds":[]}"#, 422, "invalid"),
            ("POST", "/rooms", "A", #"{"kind":"group","userIds":[]}"#, 422, "invalid"),
            ("POST", "/rooms", "A", #"{"kind":"direct","userIds":["B","C"]}"#, 422, "invalid"),
            ("POST", "/rooms", "A", #"{"kind":"direct","userIds":["A"]}"#, 422, "invalid"),
            ("POST", "/rooms", "A", #"{"roomName":"a","kind":"open","userIds":[],"operatorsOnly":1}"#, 422, "invalid"),
        ] as [(String, String, String?, String, Int, String)])
    func refusesByItself(
        _ method: String, _ target: String, _ user: String?, _ body: String, _ status: Int, _ code: String
    ) throws {
        let harness = APIHarness()
        let seen = try #require(harness.response(harness.send(method, target, body, as: user)))
        #expect(seen.status == status && seen.code == code)
        #expect(seen.body["error"]?["requestId"]?.string == "request-1" && seen["X-Request-Id"] == "request-1")
        #expect(seen.body["error"]?["message"]?.string?.isEmpty == false)
        #expect(harness.asked.isEmpty && harness.jobs.isEmpty)
    }

    /// What a backend refuses, or never answers, by its code.
    @Test(arguments: [
        (ChatError.Code.badRequest, 400), (.unauthenticated, 401), (.notAMember, 403), (.forbidden, 403),
        (.notFound, 404), (.alreadyExists, 409), (.tooLarge, 413), (.invalid, 422), (.rateLimited, 429),
        (.overloaded, 503), (.unavailable, 503), (.notConfirmed, 504), (.internal, 500),
    ])
    func passesRefusalsOn(_ code: ChatError.Code, _ status: Int) throws {
        let harness = APIHarness()
        let id = harness.send("POST", "/chat/1", #"{"message":"a"}"#)
        harness.refuse(try harness.take(.messageSend), code)
        let seen = try #require(harness.response(id))
        #expect(seen.status == status && seen.code == code.rawValue)
        #expect((seen["Retry-After"] != nil) == (status == 429 || status == 503))
    }

    @Test func saysWhatIsAllowed() {
        let harness = APIHarness()
        #expect(harness.response(harness.send("PATCH", "/chat/1", as: nil))?["Allow"] == "GET, HEAD, POST")
        #expect(harness.response(harness.send("PATCH", "/users/me", as: nil))?["Allow"] == "GET, HEAD, PUT")
        #expect(harness.response(harness.send("GET", "/sessions/current", as: nil))?["Allow"] == "DELETE")
        let odd = harness.response(harness.send("A\"\n", "/users", as: nil))
        #expect(odd?.status == 405 && odd?.code == "method_not_allowed")
    }

    @Test func headIsAskedAsGet() {
        let harness = APIHarness()
        _ = harness.send("HEAD", "/rooms")
        #expect(harness.asked.map(\.headers.type) == ["room.list"])
    }

    @Test func theHeaderCountsBeforeTheCookie() {
        let harness = APIHarness()
        let id = harness.send("GET", "/rooms", as: nil) {
            $0.authorization = "Basic YTpi"
            $0.sessionCookie = harness.token("A")
        }
        #expect(harness.response(id)?.status == 401 && harness.asked.isEmpty)
    }

    @Test func noBackendIsSaid() throws {
        let harness = APIHarness()
        let question = harness.send("GET", "/rooms")
        let command = harness.send("POST", "/chat/1", #"{"message":"a"}"#)
        let unknown = harness.send("GET", "/rooms", as: nil) {
            $0.authorization = "Bearer \(harness.token("B", session: MessageID(high: 0x7000, low: 10)))"
        }
        harness.pass(milliseconds: 5001)
        for id in [question, unknown] {
            let seen = try #require(harness.response(id))
            #expect(seen.status == 503 && seen.code == "unavailable" && seen["Retry-After"] == "1")
        }
        #expect(harness.response(command)?.status == 504 && harness.response(command)?.code == "not_confirmed")
    }

    @Test func aRecordThatMayHaveBeenLostIsNoPerhapsForQuestions() throws {
        let harness = APIHarness()
        let question = harness.send("GET", "/rooms")
        let counter = try #require(try harness.take(.roomList).headers.correlationID?.counter)
        harness.node.produceFailed(counter: counter, maybe: true)
        harness.run()
        #expect(harness.response(question)?.status == 503)
    }

    @Test func fullIsOverloaded() throws {
        let harness = APIHarness { $0.pendingMax = 1 }
        _ = harness.send("GET", "/rooms")
        let seen = try #require(harness.response(harness.send("GET", "/rooms")))
        #expect(seen.status == 503 && seen.code == "overloaded" && seen["Retry-After"] == "1")
    }

    @Test func unreadableAnswersAreInternal() throws {
        for (method, target, body, type) in [
            ("GET", "/rooms", "", RecordType.roomList), ("GET", "/chat/1", "", .roomHistory),
            ("GET", "/chat/1/participants", "", .roomParticipants), ("GET", "/sessions", "", .userSessions),
            ("GET", "/users/B", "", .userGet), ("POST", "/chat/1", #"{"message":"a"}"#, .messageSend),
            ("POST", "/rooms", #"{"roomName":"a","kind":"open"}"#, .roomCreate),
            ("PUT", "/users/me", #"{"userName":"a"}"#, .userRename),
        ] {
            let harness = APIHarness()
            let id = harness.send(method, target, body)
            harness.answer(try harness.take(type), "[17")
            #expect(harness.response(id)?.status == 500, "\(method) \(target)")
        }
    }
}
