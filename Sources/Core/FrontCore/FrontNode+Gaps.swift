import Chat
import JSON

extension FrontNode {
    /// Asks history for what lies between the cursor and the first held event, or for all after the cursor where
    /// nothing is held, in the name of somebody in the room.
    func fillGap(_ room: RoomFeed) {
        guard !room.isFetching, let cursor = room.cursor else { return }
        guard let asker = room.members.values.first(where: { !$0.state.isAsking })?.request.person.userID else {
            // Nobody listens: the next one who comes takes a new snapshot.
            if room.members.isEmpty { rooms[room.roomID] = nil } else { room.cursor = nil }
            return
        }
        room.isFetching = true
        counters.gapsFilled += 1
        let question = HistoryQuestion(roomID: room.roomID, since: cursor, before: room.held.keys.min(), limit: 500)
        ask(.question(.history(question)), asker: asker, waitMilliseconds: settings.questionMilliseconds) {
            [unowned self] result in
            room.isFetching = false
            guard rooms[room.roomID] === room else { return }
            let page = result.flatMap { answer in Result { () throws(ChatError) in try HistoryPage(answer) } }
            switch page {
            case .success(let page) where deliver(page, to: room): advance(room)
            case .success where room.held.isEmpty: break
            case .failure(let refusal) where refusal.code.isFinal:
                // The asker may not see the room any more: the gap holds their LEAVE.
                endSubscriptions(of: asker, in: room)
                retryGaps.append(room.roomID)
            default: retryGaps.append(room.roomID)
            }
        }
    }

    /// Delivers the part of a page that follows the cursor; false where nothing of it does.
    private func deliver(_ page: HistoryPage, to room: RoomFeed) -> Bool {
        var moved = false
        for entry in page.entries where entry.seq == (room.cursor ?? .max) + 1 {
            room.held[entry.seq] = nil
            emit(entry.body, seq: entry.seq, messageID: entry.messageID, in: room)
            moved = true
            guard entry.body.withUnsafeBytes({ EventScan($0)?.type }) != .message,
                let tree = try? JSONParser.parse(entry.body), let event = try? Event(json: tree)
            else { continue }
            takeEffect(event.content, at: entry.seq, in: room)
        }
        if moved { levelWithRoom(room) }
        return moved
    }

    /// Asks again for gaps and names whose question was not answered.
    func retryDeliveries() {
        let again = retryGaps
        retryGaps.removeAll()
        for roomID in again {
            if let room = rooms[roomID] { advance(room) }
        }
    }

    /// Asks for names before a room can go on; who waits for the same name shares one question.
    func askForNames(_ userIDs: [String], in room: RoomFeed) {
        for userID in userIDs {
            nameWaiters[userID, default: []].insert(room.roomID)
            guard nameWaiters[userID]?.count == 1 else { continue }
            ask(.user(.get(userIDs: [userID])), asker: userID, waitMilliseconds: settings.questionMilliseconds) {
                [unowned self] result in namesCame(result, for: userID)
            }
        }
    }

    private func namesCame(_ result: Result<Answer, ChatError>, for userID: String) {
        let waiting = nameWaiters.removeValue(forKey: userID) ?? []
        if case .success(let answer) = result, let tree = try? JSONParser.parse(answer.value) {
            let name = tree["users"]?.array?.first { $0["userId"]?.string == userID }?["userName"]?.string
            // Someone the backend does not know any more still has an id to be called by.
            directory.learn(userID: userID, name: name ?? userID)
        } else {
            retryGaps.append(contentsOf: waiting)
            return
        }
        for roomID in waiting {
            if let room = rooms[roomID] { advance(room) }
        }
    }
}
