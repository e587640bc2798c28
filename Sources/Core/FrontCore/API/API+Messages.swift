import Chat
import JSON

// What is said and read: POST /chat/{roomId}, PUT /chat/{roomId}/read.
extension API {
    func say(_ call: APICall, _ person: Person) throws(ChatError) {
        let fields = try call.fields()
        let send = MessageSend(
            roomID: call.roomID, message: try Validation.message(try fields.text("message")),
            replyTo: try fields.optionalInteger("replyTo"),
            mentions: try call.userIDs("mentions", person, orEmpty: true))
        try command(call, person, .command(.send(send)), scope: .room(call.roomID)) { (answer) throws(ChatError) in
            let fields = try Fields(answer: answer)
            guard let seq = try? fields.integer("seq"), let messageID = answer.messageID,
                let createdAt = try? fields.text("createdAt")
            else { throw .unreadableAnswer }
            return .object {
                $0.member("roomId", call.roomID)
                $0.member("seq", seq)
                $0.member("messageId", messageID.description)
                $0.member("createdAt", createdAt)
            }
        }
    }

    func moveRead(_ call: APICall, _ person: Person) throws(ChatError) {
        let seq = try call.fields().integer("seq")
        let request = Request.command(.moveRead(roomID: call.roomID, seq: seq))
        try command(call, person, request, scope: nil) { result in
            switch result {
            case .success(let answer): moved(call, person, answer)
            case .failure(let refusal): refuse(call, refusal)
            }
        }
    }

    /// Where nothing moved the answer need not say where the position stands; then it is asked for.
    private func moved(_ call: APICall, _ person: Person, _ moved: Answer) {
        func position(_ seq: Seq) -> APIResponse {
            .object {
                $0.member("roomId", call.roomID)
                $0.member("lastReadSeq", seq)
            }
        }
        if let seq = try? Fields(answer: moved).optionalInteger("lastReadSeq") {
            respond(call, position(seq))
        } else {
            answer(call, person, with: .question(.enter(roomID: call.roomID))) { (answer) throws(ChatError) in
                position(try EnterAnswer(answer).lastReadSeq)
            }
        }
    }
}
