import Chat
import JSON

extension FrontNode {
    /// A fact of `kakao.chat.chatMessage.RESPONSE`, of any room; those without local subscribers cost a look at the
    /// key.
    package func fact(key: UnsafeRawBufferPointer, epoch: Int64, value: UnsafeRawBufferPointer) {
        guard !rooms.isEmpty, let roomID = Decimal.unsigned(key).flatMap(Int64.init(exactly:)),
            let room = rooms[roomID], let scan = EventScan(value)
        else { return }
        guard let cursor = room.cursor else {
            hold(value, seq: scan.seq, in: room)
            return
        }
        room.epoch = max(room.epoch, epoch)
        if scan.seq <= cursor { return }
        if scan.seq == cursor + 1, room.held.isEmpty, deliver(value, scan, in: room) {
            levelWithRoom(room)
            return
        }
        hold(value, seq: scan.seq, in: room)
        advance(room)
    }

    private func hold(_ value: UnsafeRawBufferPointer, seq: Seq, in room: RoomFeed) {
        if room.held.count < settings.heldEventsMax {
            room.held[seq] = Array(value)
        } else if let farthest = room.held.keys.max(), seq < farthest {
            // What is dropped here lies in history; the gap is filled from there.
            room.held[farthest] = nil
            room.held[seq] = Array(value)
        }
    }

    /// Delivers what is held as far as it goes, and asks for what is missing.
    func advance(_ room: RoomFeed) {
        var moved = false
        while let cursor = room.cursor, let value = room.held[cursor + 1] {
            let delivered = value.withUnsafeBytes { raw in
                EventScan(raw).map { deliver(raw, $0, in: room) } ?? true
            }
            guard delivered else { break }
            room.held[cursor + 1] = nil
            moved = true
            if rooms[room.roomID] == nil { return }
        }
        if moved { levelWithRoom(room) }
        guard let cursor = room.cursor, !room.held.isEmpty, room.held[cursor + 1] == nil else { return }
        fillGap(room)
    }

    /// Encodes an event for every group and moves the cursor; false where a name must be asked for first.
    private func deliver(_ value: UnsafeRawBufferPointer, _ scan: EventScan, in room: RoomFeed) -> Bool {
        let userID = String(decoding: value[scan.userID], as: UTF8.self)
        guard let writer = directory[userID] else {
            askForNames([userID], in: room)
            return false
        }
        if scan.type == .message {
            var body: [UInt8] = []
            body.reserveCapacity(value.count + writer.writerMember.count)
            body.append(contentsOf: value[..<scan.writerOffset])
            body.append(contentsOf: writer.writerMember)
            body.append(contentsOf: value[scan.writerOffset...])
            emit(body, seq: scan.seq, messageID: scan.messageID, in: room)
            return true
        }
        return deliverMembership(value, scan, writer: writer.name, in: room)
    }

    private func deliverMembership(
        _ value: UnsafeRawBufferPointer, _ scan: EventScan, writer: String, in room: RoomFeed
    ) -> Bool {
        guard let tree = try? JSONParser.parse(value), var event = try? Event(json: tree) else {
            // Not of our form: its seq still counts. History has what the backend knows of it.
            room.cursor = scan.seq
            return true
        }
        event.writer = writer
        if let targetID = event.content.targetID {
            guard let target = directory[targetID] else {
                askForNames([targetID], in: room)
                return false
            }
            event.content = event.content.named(target.name)
        }
        emit(event.json, seq: scan.seq, messageID: scan.messageID, in: room)
        takeEffect(event.content, at: scan.seq, in: room)
        return true
    }

    /// What an event means for who may go on listening.
    func takeEffect(_ content: Event.Content, at seq: Seq, in room: RoomFeed) {
        if case .leave(let targetID, _) = content { remove(targetID, at: seq, from: room) }
        if case .close = content { close(room) }
    }

    func emit(_ body: [UInt8], seq: Seq, messageID: MessageID, in room: RoomFeed) {
        room.cursor = seq
        counters.eventsDelivered += 1
        if !room.groups.isEmpty {
            tail.removeAll(keepingCapacity: true)
            appendTail(messageID: messageID, seq: seq, epoch: room.epoch, body: body, to: &tail)
        }
        for group in room.groups.values { encode(seq: seq, messageID: messageID, for: group, in: room) }
        room.cache.append(EventCache.Entry(seq: seq, messageID: messageID, body: body))
    }

    private func encode(seq: Seq, messageID: MessageID, for group: FanOutGroup, in room: RoomFeed) {
        counters.messagesOut += UInt64(group.connections.count)
        guard let only = group.key.only else {
            if group.buffer.isEmpty { dirtyGroups.append(group) }
            append(frameHead: group.key.head, tail: tail, transport: group.key.transport, to: &group.buffer)
            return
        }
        guard windowIsOpen(only) else {
            leaveGroup(only, in: room)
            room.members[only]?.state = .catchingUp(after: seq - 1, wait: .acknowledgement)
            return
        }
        var head = group.key.head
        appendAck(only, seq: seq, messageID: messageID, to: &head)
        if group.buffer.isEmpty { dirtyGroups.append(group) }
        append(frameHead: head, tail: tail, transport: group.key.transport, to: &group.buffer)
    }

    /// The room moved on: whoever waited for it, goes on.
    func levelWithRoom(_ room: RoomFeed) {
        guard room.waitsForRoom else { return }
        room.waitsForRoom = false
        for (key, member) in room.members {
            guard case .catchingUp(let after, .room) = member.state else { continue }
            room.members[key]?.state = .catchingUp(after: after, wait: .none)
            pump(key, in: room)
        }
    }
}

extension RoomFeed.State {
    /// Whether the person's right to listen is not known yet.
    var isAsking: Bool {
        if case .asking = self { true } else { false }
    }
}

extension Event.Content {
    /// Whom the event is about.
    var targetID: String? {
        switch self {
        case .join(let targetID, _), .leave(let targetID, _), .role(let targetID, _, _): targetID
        case .message, .close: nil
        }
    }

    /// The same with the name of whom it is about.
    func named(_ name: String) -> Event.Content {
        switch self {
        case .join(let targetID, _): .join(targetID: targetID, targetName: name)
        case .leave(let targetID, _): .leave(targetID: targetID, targetName: name)
        case .role(let targetID, _, let role): .role(targetID: targetID, targetName: name, role: role)
        case .message, .close: self
        }
    }
}
