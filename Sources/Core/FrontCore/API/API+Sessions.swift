import Chat
import JSON

// Sessions: POST /sessions, GET /sessions, DELETE /sessions/{sessionId}, DELETE /sessions/current.
extension API {
    func logIn(_ call: APICall) throws(ChatError) {
        let fields = try call.fields()
        let userID = try fields.text("userId")
        let password = try fields.text("password")
        node.logIn(userID: userID, password: password, client: call.client) { result in
            finish(call) { () throws(ChatError) in
                let login = try result.get()
                let headers = [
                    ("Set-Cookie", cookie(login.token, seconds: node.settings.sessionMilliseconds / 1000)),
                    ("Cache-Control", "no-store"),
                ]
                return .object(headers: headers) {
                    $0.member("token", login.token)
                    $0.member("userId", login.person.userID)
                    $0.member("userName", login.person.userName)
                    $0.member("expiresAt", Timestamp.text(milliseconds: login.person.expiresAtMilliseconds))
                }
            }
        }
    }

    func sessions(_ call: APICall, _ person: Person) throws(ChatError) {
        answer(call, person, with: .user(.sessions)) { (answer) throws(ChatError) in
            var list = try ListAnswer(answer, "sessions")
            list.entries = list.entries.compactMap { entry in
                guard var members = entry.members else { return nil }
                members.append(JSONMember("current", .bool(entry["sessionId"]?.string == person.sessionID)))
                return .object(members)
            }
            return .json(list.json)
        }
    }

    func endSession(_ call: APICall, _ person: Person) throws(ChatError) {
        let isCurrent = call.path.sessionID == "current"
        guard let sessionID = MessageID(isCurrent ? person.sessionID : call.path.sessionID)?.description else {
            throw .noSuchSession
        }
        try command(call, person, .user(.logout(sessionID: sessionID)), scope: nil) { _ in
            // The record of kakao.chat.session tells the other fronts; this one need not wait for it.
            node.sessionEnded(sessionID: sessionID)
            var response = APIResponse.noContent
            if sessionID == person.sessionID { response.headers.append(("Set-Cookie", cookie("", seconds: 0))) }
            return response
        }
    }

    private func cookie(_ token: String, seconds: Int64) -> String {
        let secure = node.settings.isSecure ? "; Secure" : ""
        return "session=\(token); Path=/; HttpOnly; SameSite=Strict; Max-Age=\(seconds)\(secure)"
    }
}

extension APICall {
    /// What the client calls itself, cut to what is worth keeping.
    fileprivate var client: String {
        String(String.UnicodeScalarView((request.userAgent ?? "").unicodeScalars.prefix(200)))
    }
}

extension ChatError {
    fileprivate static let noSuchSession = ChatError(.notFound, "There is no such session of yours.")
}
