import BackendCore
import Chat
import JSON
import Testing

@testable import FrontCore

/// Passwords as both sides have them: what a front seals a backend opens, and what a front proves a backend believes.
@Suite struct BackendAgreementTests {
    private let harness = APIHarness()

    private var keys: SessionKeys { harness.node.settings.keys }

    /// Signs up and gives what a backend keeps.
    private func signUp(_ userID: String, _ password: String) throws -> BackendCore.ScramVerifier {
        let body = #"{"userId":"\#(userID)","userName":"n","password":"\#(password)"}"#
        _ = harness.send("POST", "/users", body, as: nil)
        try harness.derive()
        let create = try harness.take(.userCreate)
        guard case .create(let userID, _, let credential) = try UserRequest(type: .userCreate, value: create.value)
        else { throw ChatError(.internal, "no sign-up") }
        let verifier = BackendCore.ScramVerifier(sealed: credential, userID: userID, keys: keys)
        return try #require(verifier)
    }

    /// Logs in, a backend with `verifier` (nil: it knows nobody) on the other side.
    private func logIn(
        _ userID: String, _ password: String, _ verifier: BackendCore.ScramVerifier?
    ) throws -> APIHarness.Seen? {
        let server = ScramServer(keys: keys)
        let now = harness.node.clock.wallMilliseconds
        let body = #"{"userId":"\#(userID)","password":"\#(password)"}"#
        let id = harness.send("POST", "/sessions", body, as: nil)
        let challenge = try harness.take(.userChallenge)
        guard
            case .challenge(let asked, let clientFirst) = try UserRequest(
                type: .userChallenge, value: challenge.value)
        else { return nil }
        let first = try server.challenge(
            userID: asked, clientFirst: clientFirst, verifier: verifier, nowMilliseconds: now)
        harness.answer(challenge, String(decoding: UserAnswers.challenge(first), as: UTF8.self))
        try harness.derive()
        let record = try harness.take(.userLogin)
        guard case .login(let login) = try UserRequest(type: .userLogin, value: record.value) else { return nil }
        do {
            let final = try server.verify(login, verifier: verifier, nowMilliseconds: now + 90_000)
            let state = UserState(
                userID: login.userID, userName: "이름", userStatus: "", createdAtMilliseconds: 0, credential: "")
            harness.answer(record, String(decoding: UserAnswers.login(final, state), as: UTF8.self))
        } catch let refusal {
            harness.answer(record, String(decoding: refusal.json, as: UTF8.self), refused: true)
        }
        return harness.response(id)
    }

    @Test(arguments: [("A", "비밀 번호!"), ("김.에이-1", "pass,=word"), ("𠀀", String(repeating: "x", count: 256))])
    func theRightPasswordLogsIn(_ userID: String, _ password: String) throws {
        let verifier = try signUp(userID, password)
        let seen = try #require(try logIn(userID, password, verifier))
        #expect(seen.status == 200 && seen.body["userName"]?.string == "이름")
        #expect(seen.body["userId"]?.string == userID)
    }

    @Test func noOtherDoes() throws {
        let verifier = try signUp("A", "right")
        let wrong = try #require(try logIn("A", "wrong", verifier))
        let unknown = try #require(try logIn("nobody", "right", nil))
        let another = try #require(try logIn("B", "right", nil))
        for seen in [wrong, unknown, another] {
            #expect(seen.status == 401)
            #expect(seen.body["error"]?["message"]?.string == wrong.body["error"]?["message"]?.string)
        }
    }
}
