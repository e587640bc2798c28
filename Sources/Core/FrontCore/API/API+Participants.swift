import Chat
import JSON

// Who is in a room: /chat/{roomId}/participants and /chat/{roomId}/participants/{userId}.
extension API {
    func participants(_ call: APICall, _ person: Person) throws(ChatError) {
        let limit = try call.limit(or: Limits.listDefault)
        let question = Question.participants(roomID: call.roomID, after: call.query("after"), limit: limit)
        answer(call, person, with: .question(question)) { (answer) throws(ChatError) in
            var list = try ListAnswer(answer, "participants")
            list.entries = list.entries.compactMap { entry in
                guard var members = entry.members, let userID = entry["userId"]?.string else { return nil }
                members.append(JSONMember("online", .bool(node.isConnected(userID: userID))))
                return .object(members)
            }
            return .json(list.json)
        }
    }

    func addParticipants(_ call: APICall, _ person: Person) throws(ChatError) {
        let userIDs = try call.userIDs("userIds", person)
        guard !userIDs.isEmpty else { throw ChatError(.invalid, "userIds names nobody.") }
        let request = Command.addMembers(roomID: call.roomID, userIDs: userIDs)
        try command(call, person, .command(request), scope: .room(call.roomID)) { _ in
            .object {
                $0.member("roomId", call.roomID)
                $0.strings("userIds", userIDs)
            }
        }
    }

    func removeParticipant(_ call: APICall, _ person: Person) throws(ChatError) {
        let request = Command.removeMember(roomID: call.roomID, userID: try call.userID(person))
        try command(call, person, .command(request), scope: .room(call.roomID)) { _ in .noContent }
    }

    func changeParticipant(_ call: APICall, _ person: Person) throws(ChatError) {
        let userID = try call.userID(person)
        let role = try call.fields().role("role")
        let request = Command.setRole(roomID: call.roomID, userID: userID, role: role)
        try command(call, person, .command(request), scope: .room(call.roomID)) { _ in
            .object {
                $0.member("roomId", call.roomID)
                $0.member("userId", userID)
                $0.member("role", role.rawValue)
            }
        }
    }
}
