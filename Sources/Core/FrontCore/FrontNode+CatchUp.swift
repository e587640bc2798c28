import Chat
import JSON

extension FrontNode {
    /// Gives a subscription that catches up what is there: from the cache, else a page of history, and makes it live
    /// once it is level with the room. Paced by the reader: a chunk, then its output queue must be short again.
    func pump(_ key: SubscriptionKey, in room: RoomFeed) {
        guard let member = room.members[key], case .catchingUp(let after, .none) = member.state,
            let cursor = room.cursor
        else { return }
        if after == cursor {
            goLive(key, in: room)
            return
        }
        if after > cursor {
            wait(key, .room, after: after, in: room)
            return
        }
        guard let cached = room.cache.after(after) else {
            askForPage(key, after: after, in: room)
            return
        }
        let reached = give(cached, to: member.request, after: after)
        settle(key, reached: reached, in: room)
    }

    private func wait(_ key: SubscriptionKey, _ wait: RoomFeed.Wait, after: Seq, in room: RoomFeed) {
        room.members[key]?.state = .catchingUp(after: after, wait: wait)
        if case .room = wait { room.waitsForRoom = true }
    }

    /// After a chunk: live where the room was reached, else waits for an ACK or for the reader.
    private func settle(_ key: SubscriptionKey, reached: Seq, in room: RoomFeed) {
        guard let member = room.members[key] else { return }
        if reached == room.cursor {
            wait(key, .none, after: reached, in: room)
            goLive(key, in: room)
        } else if member.request.acknowledges, !windowIsOpen(key) {
            wait(key, .acknowledgement, after: reached, in: room)
        } else {
            wait(key, .drain, after: reached, in: room)
            draining[key.connection, default: []].append((key, room.roomID))
            actions.append(.awaitDrain(key.connection))
        }
    }

    /// Sends events to one subscription, at most 64 KiB of them but one always; returns the last seq sent.
    private func give(_ entries: ArraySlice<EventCache.Entry>, to request: SubscriptionRequest, after: Seq) -> Seq {
        var reached = after
        var bytes: [UInt8] = []
        for entry in entries {
            if request.acknowledges, !windowIsOpen(request.key) { break }
            appendFrame(for: request, messageID: entry.messageID, seq: entry.seq, body: entry.body, to: &bytes)
            reached = entry.seq
            if bytes.count > 64 * 1024 { break }
        }
        if !bytes.isEmpty { actions.append(.send(request.key.connection, bytes)) }
        return reached
    }

    func appendFrame(
        for request: SubscriptionRequest, messageID: MessageID, seq: Seq, body: [UInt8], to bytes: inout [UInt8]
    ) {
        var tail: [UInt8] = []
        appendTail(messageID: messageID, seq: seq, epoch: rooms[request.roomID]?.epoch ?? 1, body: body, to: &tail)
        var head = request.head
        if request.acknowledges { appendAck(request.key, seq: seq, messageID: messageID, to: &head) }
        append(frameHead: head, tail: tail, transport: request.transport, to: &bytes)
    }

    /// Asks for the events after `after`; who waits for the same page shares one question.
    private func askForPage(_ key: SubscriptionKey, after: Seq, in room: RoomFeed) {
        guard let request = room.members[key]?.request else { return }
        wait(key, .page, after: after, in: room)
        room.pages[after, default: []].append(key)
        guard room.pages[after]?.count == 1 else { return }
        let question = HistoryQuestion(roomID: room.roomID, since: after, limit: 500)
        ask(
            .question(.history(question)), asker: request.person.userID,
            waitMilliseconds: settings.questionMilliseconds
        ) { [unowned self] result in
            pageCame(result, after: after, roomID: room.roomID)
        }
    }

    private func pageCame(_ result: Result<Answer, ChatError>, after: Seq, roomID: RoomID) {
        guard let room = rooms[roomID], let waiting = room.pages.removeValue(forKey: after) else { return }
        let page = result.flatMap { answer in Result { () throws(ChatError) in try HistoryPage(answer) } }
        for key in waiting {
            guard case .catchingUp(after, .page) = room.members[key]?.state else { continue }
            switch page {
            case .success(let page): takePage(page, key, after: after, in: room)
            case .failure(let refusal): pageRefused(refusal, key, after: after, in: room)
            }
        }
    }

    private func takePage(_ page: HistoryPage, _ key: SubscriptionKey, after: Seq, in room: RoomFeed) {
        guard let member = room.members[key], let cursor = room.cursor else { return }
        // What lies beyond the cursor comes by the room's own way, after the names and leaves before it.
        let entries = page.entries.filter { $0.seq > after && $0.seq <= cursor }
        guard let first = entries.first, first.seq == after + 1 else {
            wait(key, .none, after: after, in: room)
            retryPages.append((key, room.roomID))
            return
        }
        var reached = after
        for start in stride(from: 0, to: entries.count, by: 64) {
            let chunk = entries[start..<min(start + 64, entries.count)]
            let got = give(chunk, to: member.request, after: reached)
            if got == reached { break }
            reached = got
            if got != chunk.last?.seq { break }
        }
        settle(key, reached: reached, in: room)
    }

    /// A question that nobody answered is asked again at the next tick; one that was refused ends the subscription.
    private func pageRefused(_ refusal: ChatError, _ key: SubscriptionKey, after: Seq, in room: RoomFeed) {
        guard refusal.code.isFinal else {
            wait(key, .none, after: after, in: room)
            retryPages.append((key, room.roomID))
            return
        }
        room.members[key] = nil
        subscriptionRefused(key, refusal)
        subscriptionEnded(key)
    }

    /// Goes on with those whose page did not come.
    func retryCatchUps() {
        let again = retryPages
        retryPages.removeAll()
        for (key, roomID) in again {
            if let room = rooms[roomID] { pump(key, in: room) }
        }
    }
}

/// A page of history as MESSAGE bodies: without what only history knows (`unreadCount`).
struct HistoryPage {
    let entries: [EventCache.Entry]

    /// Throws `internal` where a backend says something else.
    init(_ answer: Answer) throws(ChatError) {
        entries = try HistoryAnswer(answer).events.map { (past) throws(ChatError) in
            guard let tree = try? JSONParser.parse(Array(past.json)), let members = tree.members,
                let id = tree["messageId"]?.string.flatMap({ MessageID($0) })
            else { throw .unreadableAnswer }
            let body = JSONValue.object(members.filter { $0.name != "unreadCount" }).bytes
            return EventCache.Entry(seq: past.seq, messageID: id, body: body)
        }
    }
}
