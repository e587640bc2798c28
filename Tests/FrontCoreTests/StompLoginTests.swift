import Chat
import Crypto
import JSON
import Stomp
import Testing

@testable import FrontCore

/// Every way of logging in, in CONTRACT's order, and what comes while a backend is asked.
@Suite struct StompLoginTests {
    private let stomp = StompHarness()

    private func token(_ userID: String, session: MessageID = MessageID(high: 0x7000, low: 9)) -> String {
        let now = stomp.node.clock.wallMilliseconds
        return SessionToken(
            userID: userID, sessionID: session, issuedAtMilliseconds: now, expiresAtMilliseconds: now + 3_600_000
        ).text(key: stomp.node.settings.keys.token)
    }

    private func connect(_ headers: String) { connect(1, headers) }

    private func connect(_ id: UInt64, _ headers: String) {
        stomp.open(id)
        stomp.send(id, "CONNECT\naccept-version:1.2\n\(headers)\n\n^@")
    }

    private func confirm(_ userID: String = "A") throws {
        let check = try #require(stomp.harness.takeRequest(.userCheck))
        stomp.harness.answer(check.headers, #"{"userId":"\#(userID)","userName":"Name \#(userID)"}"#)
    }

    private func logIn(_ password: String, server: APISessionTests.Server, userName: String = "A") throws {
        let challenge = try #require(stomp.harness.takeRequest(.userChallenge))
        stomp.harness.answer(
            challenge.headers,
            #"{"serverFirst":"\#(server.first(challenge.value["clientFirst"]?.string ?? ""))"}"#)
        let job = try #require(stomp.harness.jobs.last)
        #expect(job.password == Array(password.utf8))
        stomp.node.derived(
            job: job.job,
            key: PBKDF2SHA256.derive(password: job.password, salt: job.salt, iterations: job.iterations))
        let login = try #require(stomp.harness.takeRequest(.userLogin))
        if let final = server.final(login.value) {
            stomp.harness.answer(login.headers, #"{"serverFinal":"\#(final)","userId":"A","userName":"A"}"#)
        } else {
            stomp.harness.answer(
                login.headers, #"{"error":{"code":"unauthenticated","message":"no"}}"#, refused: true)
        }
    }

    @Test(arguments: ["Authorization:Bearer ", "authorization:bearer ", "login:A\npasscode:"])
    func withAToken(header: String) throws {
        connect(header + token("A"))
        #expect(stomp.frames().isEmpty)
        #expect(stomp.harness.reading[ConnectionID(raw: 1)] == false)
        try confirm()
        #expect(stomp.frames().map { $0["user-name"] } == ["A"])
        #expect(stomp.harness.reading[ConnectionID(raw: 1)] == true)
        // The second time nobody is asked and reading goes on.
        connect(2, header + token("A"))
        #expect(stomp.frames(2).map(\.brief) == ["CONNECTED"])
        #expect(stomp.harness.reading[ConnectionID(raw: 2)] == nil)
    }

    @Test func withAPassword() throws {
        connect("login:A\npasscode:secret.1")
        try logIn("secret.1", server: APISessionTests.Server(password: "secret.1"))
        #expect(stomp.frames().map { $0["user-name"] } == ["A"])
    }

    @Test func withAWrongPassword() throws {
        connect("login:A\npasscode:secret2")
        try logIn("secret2", server: APISessionTests.Server(password: "secret1"))
        #expect(stomp.frames().map(\.brief) == ["ERROR unauthenticated"])
        #expect(stomp.closed() == .policy)
    }

    @Test func theFirstWayThatMatchesDecides() throws {
        stomp.open(1, as: StompHarness.person("H"))
        stomp.send(1, "CONNECT\naccept-version:1.2\nAuthorization:Bearer nonsense\nlogin:A\npasscode:x\n\n^@")
        #expect(stomp.frames(1).map { $0["user-name"] } == ["H"])
        connect(2, "Authorization:Bearer nonsense\nlogin:A\npasscode:\(token("A"))")
        #expect(stomp.frames(2).map(\.brief) == ["ERROR unauthenticated"])
        #expect(stomp.closed(2) == .policy)
    }

    @Test func anotherPersonsToken() throws {
        connect("login:B\npasscode:\(token("A"))")
        try confirm()
        #expect(stomp.frames().map(\.brief) == ["ERROR unauthenticated"])
        #expect(stomp.closed() == .policy)
    }

    @Test func aTokenNobodyCanLookUp() {
        connect("Authorization:Bearer \(token("A"))")
        stomp.harness.pass(milliseconds: 6000)
        #expect(stomp.frames().map(\.brief) == ["ERROR unavailable"])
        #expect(stomp.closed() == .policy)
    }

    @Test func framesBehindConnectWaitForTheLogIn() throws {
        stomp.open()
        stomp.send(
            "CONNECT\naccept-version:1.1\nAuthorization:Bearer \(token("A"))\n\n^@"
                + "SUBSCRIBE\nid:a\\cb\ndestination:/user/queue/errors\nreceipt:1\n\n^@"
                + "SEND\ndestination:/pub/chat/room/10\nreceipt:2\n\n{\"message\":\"hi\"}^@HELLO\n\n^@")
        #expect(stomp.frames().isEmpty)
        try confirm()
        #expect(stomp.frames().map(\.brief) == ["CONNECTED", "RECEIPT 1", "ERROR bad_request"])
        #expect(stomp.harness.requests.count == 1)
        #expect(stomp.closed() == .protocolError)
    }

    @Test func tooMuchBehindConnect() {
        let stomp = StompHarness { $0.heldFrameBytesMax = 1000 }
        stomp.open()
        stomp.send("CONNECT\naccept-version:1.2\nlogin:A\npasscode:secret\n\n^@")
        for _ in 0..<4 { stomp.send("SEND\ndestination:/pub/chat/room/10\n\nhi^@") }
        #expect(stomp.frames().map(\.brief) == ["ERROR too_large"])
        #expect(stomp.closed() == .tooLarge)
    }

    @Test func aConnectionThatLeavesWhileItLogsIn() throws {
        connect("Authorization:Bearer \(token("A"))")
        stomp.node.disconnected(ConnectionID(raw: 1))
        try confirm()
        #expect(stomp.frames().isEmpty && stomp.closed() == nil && stomp.node.stomp.perUser.isEmpty)
    }

    @Test func theEndOfASessionOutrunsItsLogIn() throws {
        let session = MessageID(high: 0x7000, low: 10)
        connect("Authorization:Bearer \(token("A", session: session))")
        try confirm()
        _ = stomp.frames()
        stomp.node.sessionEnded(sessionID: session.description)
        #expect(stomp.frames().map(\.brief) == ["ERROR unauthenticated"])
        #expect(stomp.closed() == .sessionEnded)
    }
}
