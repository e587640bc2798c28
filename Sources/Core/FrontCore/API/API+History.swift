import Chat
import JSON

// Entering a room: GET /chat/{roomId}.
extension API {
    func history(_ call: APICall, _ person: Person) throws(ChatError) {
        let question = HistoryQuestion(
            roomID: call.roomID, since: try call.queryNumber("since"), before: try call.queryNumber("before"),
            limit: try call.limit(or: Limits.historyDefault))
        let epoch = try call.queryNumber("epoch")
        inquire(call, person, .question(.history(question))) { result in
            do throws(ChatError) {
                let first = try HistoryAnswer(try result.get())
                if let epoch, epoch > first.epoch {
                    throw ChatError(.badRequest, "The epoch \(epoch) is not there yet; it is \(first.epoch) now.")
                }
                if epoch ?? first.epoch < first.epoch || question.since ?? 0 > first.lastSeq {
                    reset(call, person, question.limit)
                    return
                }
                pages(call, person, question, first: first) { result in
                    finish(call) { () throws(ChatError) in entered(call, person, try result.get(), resets: false) }
                }
            } catch {
                refuse(call, error)
            }
        }
    }

    /// What the client knows of the room is of another past: it hears so, and begins anew with the newest events.
    private func reset(_ call: APICall, _ person: Person, _ limit: Int) {
        pages(call, person, HistoryQuestion(roomID: call.roomID, limit: limit)) { result in
            finish(call) { () throws(ChatError) in entered(call, person, try result.get(), resets: true) }
        }
    }

    private func entered(_ call: APICall, _ person: Person, _ pages: HistoryPages, resets: Bool) -> APIResponse {
        .object(headers: [("Epoch", String(pages.epoch))]) { out in
            out.member("endpoint", endpoint(call))
            out.key("chatRecord")
            out.beginObject()
            out.member("userId", person.userID)
            out.member("roomId", call.roomID)
            out.member("epoch", pages.epoch)
            out.member("lastSeq", pages.lastSeq)
            out.member("lastReadSeq", pages.lastReadSeq)
            out.key("chatMessage")
            out.beginArray()
            if resets {
                out.beginObject()
                out.member("type", "RESET")
                out.member("roomId", call.roomID)
                out.member("epoch", pages.epoch)
                out.member("lastSeq", pages.lastSeq)
                out.endObject()
            }
            for event in pages.events { out.raw(event.json) }
            out.endArray()
            out.endObject()
        }
    }

    /// Where a client connects for what comes next.
    private func endpoint(_ call: APICall) -> String {
        var base = node.settings.publicURL ?? ""
        if base.isEmpty {
            guard let host = call.request.host else { return "/stomp/chat" }
            base = (node.settings.isSecure ? "https://" : "http://") + host
        }
        // ws stands for http, and wss for https (RFC 6455 §3).
        return base.hasPrefix("http") ? "ws\(base.dropFirst(4))/stomp/chat" : "\(base)/stomp/chat"
    }
}
