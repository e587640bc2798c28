import Chat

extension FrontNode {
    /// Subscribes; answers through `subscribed`, `subscriptionRefused`, later `subscriptionEnded`. GUARANTEES rule 6:
    /// facts are held from now on, then the snapshot is asked for, then both are merged by seq.
    func subscribe(_ request: SubscriptionRequest) {
        let room = rooms[request.roomID] ?? openRoom(request.roomID)
        room.idleSinceMilliseconds = nil
        room.members[request.key] = RoomFeed.Member(request: request, state: .asking)
        askToEnter(request)
    }

    private func openRoom(_ roomID: RoomID) -> RoomFeed {
        let room = RoomFeed(roomID: roomID, cacheBytesMax: settings.cacheBytesPerRoomMax)
        rooms[roomID] = room
        return room
    }

    private func askToEnter(_ request: SubscriptionRequest) {
        ask(
            .question(.enter(roomID: request.roomID)), asker: request.person.userID,
            waitMilliseconds: settings.questionMilliseconds
        ) { [unowned self] result in
            entered(request, result.flatMap { answer in Result { () throws(ChatError) in try EnterAnswer(answer) } })
        }
    }

    private func entered(_ request: SubscriptionRequest, _ result: Result<EnterAnswer, ChatError>) {
        guard let room = rooms[request.roomID], case .asking = room.members[request.key]?.state else { return }
        switch result {
        case .failure(let refusal): refuse(request, refusal, in: room)
        case .success(let answer): admit(request, answer, to: room)
        }
        if let connection = stomp.connections[request.key.connection] { releaseSends(of: connection) }
    }

    private func refuse(_ request: SubscriptionRequest, _ refusal: ChatError, in room: RoomFeed) {
        room.members[request.key] = nil
        closeIfIdle(room)
        subscriptionRefused(request.key, refusal)
    }

    private func admit(_ request: SubscriptionRequest, _ answer: EnterAnswer, to room: RoomFeed) {
        if let epoch = request.epoch, epoch > max(answer.epoch, room.epoch) {
            refuse(request, ChatError(.badRequest, "The epoch \(epoch) is not there yet."), in: room)
            return
        }
        let cursor = begin(room, lastSeq: answer.lastSeq, epoch: answer.epoch)
        // The answer may be older than what was delivered: whoever left in between must not come in by it (I9).
        guard room.hasLeft(request.person.userID, since: answer.lastSeq) == false else {
            askToEnter(request)
            return
        }
        let lastSeq = max(cursor, answer.lastSeq)
        guard let since = request.since else {
            goLive(request.key, in: room)
            subscribed(request.key, seq: cursor, epoch: room.epoch)
            return
        }
        if since > lastSeq || (request.epoch ?? room.epoch) < room.epoch {
            goLive(request.key, in: room)
            subscribed(request.key, seq: cursor, epoch: room.epoch)
            sendReset(request, lastSeq: cursor, epoch: room.epoch)
            return
        }
        room.members[request.key]?.state = .catchingUp(after: since, wait: .none)
        subscribed(request.key, seq: since, epoch: room.epoch)
        pump(request.key, in: room)
    }

    /// Takes the first snapshot as the baseline, and what was held beyond it. Returns the cursor.
    private func begin(_ room: RoomFeed, lastSeq: Seq, epoch: Int64) -> Seq {
        if let cursor = room.cursor { return cursor }
        room.cursor = lastSeq
        room.epoch = epoch
        room.leavesAfter = lastSeq
        room.held = room.held.filter { $0.key > lastSeq }
        advance(room)
        return room.cursor ?? lastSeq
    }

    /// Puts a subscription that has everything up to the cursor into its group.
    func goLive(_ key: SubscriptionKey, in room: RoomFeed) {
        guard let request = room.members[key]?.request else { return }
        let groupKey = FanOutGroup.Key(
            transport: request.transport, head: request.head, only: request.acknowledges ? key : nil)
        let group = room.groups[groupKey] ?? FanOutGroup(key: groupKey)
        room.groups[groupKey] = group
        flush(group)
        room.members[key]?.state = .live(group, index: group.add(key))
    }

    /// Takes a subscription out of its group; what was encoded for it before still goes out.
    func leaveGroup(_ key: SubscriptionKey, in room: RoomFeed) {
        guard case .live(let group, let index) = room.members[key]?.state else { return }
        flush(group)
        if let moved = group.remove(at: index) { room.members[moved]?.state = .live(group, index: index) }
        if group.isEmpty { room.groups[group.key] = nil }
    }

    /// Ends a subscription; nothing of it is sent after this call.
    func unsubscribe(_ key: SubscriptionKey, roomID: RoomID) {
        guard let room = rooms[roomID] else { return }
        leaveGroup(key, in: room)
        room.members[key] = nil
        closeIfIdle(room)
    }

    private func closeIfIdle(_ room: RoomFeed) {
        guard room.members.isEmpty else { return }
        guard room.cursor != nil else {
            rooms[room.roomID] = nil
            return
        }
        room.idleSinceMilliseconds = clock.monotonicMilliseconds
        idleRooms.append((room.roomID, clock.monotonicMilliseconds))
    }

    /// Lets go of rooms that nobody came back to; until then their newest events serve those who reconnect.
    func forgetIdleRooms() {
        let limit = clock.monotonicMilliseconds - settings.idleRoomMilliseconds
        var taken = 0
        for (roomID, since) in idleRooms {
            guard since <= limit else { break }
            taken += 1
            if rooms[roomID]?.idleSinceMilliseconds == since { rooms[roomID] = nil }
        }
        idleRooms.removeFirst(taken)
    }

    /// Goes on delivering where the window of unacknowledged messages was full.
    func acknowledgementsCame(_ key: SubscriptionKey, roomID: RoomID) {
        guard let room = rooms[roomID],
            case .catchingUp(let after, .acknowledgement) = room.members[key]?.state
        else { return }
        room.members[key]?.state = .catchingUp(after: after, wait: .none)
        pump(key, in: room)
    }

    /// The output queue of a connection is short again: whoever catches up on it goes on.
    package func drained(_ connection: ConnectionID) {
        for (key, roomID) in draining.removeValue(forKey: connection) ?? [] {
            guard let room = rooms[roomID], case .catchingUp(let after, .drain) = room.members[key]?.state else {
                continue
            }
            room.members[key]?.state = .catchingUp(after: after, wait: .none)
            pump(key, in: room)
        }
    }
}
