import Chat
import JSON
import Stomp

extension FrontNode {
    /// Takes the subscriptions of someone who left at `seq`: he has got his own LEAVE last (I9).
    func remove(_ userID: String, at seq: Seq, from room: RoomFeed) {
        room.noteLeave(seq: seq, userID: userID)
        for (key, member) in room.members where member.request.person.userID == userID {
            switch member.state {
            case .asking: continue
            case .live: leaveGroup(key, in: room)
            case .catchingUp(let after, _): giveLast(of: room, after: after, to: member.request)
            }
            room.members[key] = nil
            subscriptionEnded(key)
        }
    }

    /// Ends the subscriptions of someone who may not see the room any more.
    func endSubscriptions(of userID: String, in room: RoomFeed) {
        for (key, member) in room.members where member.request.person.userID == userID && !member.state.isAsking {
            leaveGroup(key, in: room)
            room.members[key] = nil
            subscriptionEnded(key)
        }
    }

    /// A subscription that caught up when its person left gets what the cache has up to the LEAVE.
    private func giveLast(of room: RoomFeed, after: Seq, to request: SubscriptionRequest) {
        guard let entries = room.cache.after(after) else { return }
        var bytes: [UInt8] = []
        for entry in entries {
            appendFrame(for: request, messageID: entry.messageID, seq: entry.seq, body: entry.body, to: &bytes)
        }
        if !bytes.isEmpty { actions.append(.send(request.key.connection, bytes)) }
    }

    func close(_ room: RoomFeed) {
        for (key, member) in room.members {
            if case .asking = member.state { continue }
            leaveGroup(key, in: room)
            room.members[key] = nil
            subscriptionEnded(key)
        }
        if room.members.isEmpty { rooms[room.roomID] = nil }
    }

    /// RESET: the epoch changed, or `since` is beyond what there is. Goes out behind the RECEIPT.
    func sendReset(_ request: SubscriptionRequest, lastSeq: Seq, epoch: Int64) {
        var body = JSONWriter()
        body.beginObject()
        body.member("type", "RESET")
        body.member("roomId", request.roomID)
        body.member("epoch", epoch)
        body.member("lastSeq", lastSeq)
        body.endObject()
        sendPassing(body.bytes, to: request.key.connection, head: request.head, transport: request.transport)
    }

    /// A MESSAGE that is no event of a room's order: RESET, ENTERED, notices, refusals.
    func sendPassing(_ body: [UInt8], to connection: ConnectionID, head: [UInt8], transport: Transport) {
        var tail: [UInt8] = []
        StompMessageEncoder.appendTail(to: &tail, messageId: newMessageID().description.utf8, body: body)
        var bytes: [UInt8] = []
        append(frameHead: head, tail: tail, transport: transport, to: &bytes)
        actions.append(.send(connection, bytes))
    }
}
