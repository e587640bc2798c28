import Chat
import JSON

// People: POST /users, GET /users/{userId}, PUT /users/me, PUT /users/me/status.
extension API {
    func signUp(_ call: APICall) throws(ChatError) {
        let fields = try call.fields()
        let userID = try fields.userID("userId")
        let userName = try Validation.userName(try fields.text("userName"))
        let password = try Validation.password(try fields.text("password"))
        node.signUp(userID: userID, userName: userName, password: password) { result in
            finish(call) { () throws(ChatError) in
                _ = try result.get()
                return .object(status: 201) {
                    $0.member("userId", userID)
                    $0.member("userName", userName)
                }
            }
        }
    }

    func profile(_ call: APICall, _ person: Person) throws(ChatError) {
        let userID = try call.userID(person)
        answer(call, person, with: .user(.get(userIDs: [userID]))) { (answer) throws(ChatError) in
            let users = try ListAnswer(answer, "users").entries
            guard let user = users.first(where: { $0["userId"]?.string == userID }) else { throw .noSuchPerson }
            return .object { out in
                for name in ["userId", "userName", "userStatus"] {
                    out.key(text: name)
                    out.value(user[name] ?? .string(""))
                }
                // As far as this front's reactor knows: who is connected elsewhere counts as away.
                out.key("online")
                out.bool(node.isConnected(userID: userID))
                out.member("lastSeenAt", orNull: nil)
            }
        }
    }

    func rename(_ call: APICall, _ person: Person) throws(ChatError) {
        let name = try Validation.userName(try call.fields().text("userName"))
        try changeProfile(call, person, .rename(userName: name))
    }

    func setStatus(_ call: APICall, _ person: Person) throws(ChatError) {
        let status = try Validation.userStatus(try call.fields().text("userStatus"))
        try changeProfile(call, person, .status(userStatus: status))
    }

    private func changeProfile(_ call: APICall, _ person: Person, _ request: UserRequest) throws(ChatError) {
        try command(call, person, .user(request), scope: nil) { (answer) throws(ChatError) in
            let fields = try Fields(answer: answer)
            guard let name = try? fields.text("userName") else { throw .unreadableAnswer }
            node.directory.change(userID: person.userID, name: name)
            return .object {
                $0.member("userId", person.userID)
                $0.member("userName", name)
                $0.member("userStatus", (try? fields.optionalText("userStatus")) ?? "")
            }
        }
    }
}
