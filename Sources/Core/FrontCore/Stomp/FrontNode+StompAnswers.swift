import Chat
import JSON
import Stomp

// What goes out to a connection: RECEIPT, ERROR, MESSAGEs of its own queues, and its end.
extension FrontNode {
    func transmit(_ frame: [UInt8], to connection: StompConnection) {
        actions.append(.send(connection.id, wrap(frame, transport: connection.transport)))
        connection.sentAt = clock.monotonicMilliseconds
        stompCounters.framesOut += 1
    }

    /// A RECEIPT without more, where one is wanted.
    func receipt(_ receipt: String?, to connection: StompConnection) {
        guard let receipt else { return }
        var writer = StompWriter(version: connection.version ?? .v1_0, reserving: 64)
        writer.receipt(id: receipt.utf8)
        transmit(writer.take(), to: connection)
    }

    /// A frame that breaks the protocol: ERROR and close 1002.
    func violate(_ connection: StompConnection, _ frame: StompFrameView, _ text: String) {
        violate(connection, ChatError(.badRequest, text), receipt: frame.string("receipt"), reason: .protocolError)
    }

    func violate(_ connection: StompConnection, _ refusal: ChatError, receipt: String?, reason: CloseReason) {
        stompCounters.violations += 1
        fail(connection, refusal, receipt: receipt, reason: reason)
    }

    /// ERROR and the end of the connection.
    func fail(_ connection: StompConnection, _ refusal: ChatError, receipt: String?, reason: CloseReason) {
        guard connection.phase != .closed else { return }
        stompCounters.countRefusal(refusal.code)
        var body = JSONWriter()
        body.beginObject()
        body.key("error")
        body.beginObject()
        body.member("code", refusal.code.rawValue)
        body.member("message", refusal.message)
        body.member("requestId", newMessageID().description)
        body.endObject()
        body.endObject()
        var writer = StompWriter(version: connection.version ?? .v1_0)
        writer.error(
            message: refusal.code.rawValue, receipt: receipt?.utf8, contentType: "application/json;charset=utf-8",
            body: body.bytes)
        transmit(writer.take(), to: connection)
        close(connection, reason)
    }

    /// A refused frame: told on `/user/queue/errors` where the connection subscribes to it, and it lives on; else ERROR
    /// and close 1002.
    func refuse(_ connection: StompConnection, _ refusal: ChatError, receipt: String?, destination: String?) {
        guard connection.phase != .closed else { return }
        guard let index = connection.index(queue: "/user/queue/errors") else {
            fail(connection, refusal, receipt: receipt, reason: .protocolError)
            return
        }
        stompCounters.countRefusal(refusal.code)
        var body = JSONWriter()
        body.beginObject()
        body.key("error")
        body.beginObject()
        body.member("code", refusal.code.rawValue)
        body.member("message", refusal.message)
        body.endObject()
        body.member("receiptId", orNull: receipt)
        body.member("destination", orNull: destination)
        if let seconds = refusal.retryAfter { body.member("retryAfter", Int64(seconds)) }
        body.endObject()
        sendPassing(body.bytes, on: index, of: connection)
    }

    /// A MESSAGE on one of the connection's subscriptions that is no event of a room.
    func sendPassing(_ body: [UInt8], on index: Int, of connection: StompConnection) {
        let subscription = connection.subscriptions[index]
        var frame = subscription.head(version: connection.version ?? .v1_0)
        connection.passingMade += 1
        let mark = "\(subscription.number)-p\(subscription.window.last?.seq ?? 0)-\(connection.passingMade)"
        if subscription.acknowledgement != .auto {
            StompMessageEncoder.appendAck(to: &frame, mark.utf8)
            StompMessageEncoder.appendTail(to: &frame, messageId: mark.utf8, body: body)
        } else {
            StompMessageEncoder.appendTail(to: &frame, messageId: newMessageID().description.utf8, body: body)
        }
        transmit(frame, to: connection)
    }

    /// DISCONNECT: its RECEIPT is the last frame, behind the answers to all before it.
    func disconnect(_ frame: StompFrameView, on connection: StompConnection) {
        connection.phase = .disconnecting
        let work = connection.working()
        // STOMP 1.2, BEGIN: open transactions are aborted by DISCONNECT.
        work.transactions = []
        work.disconnectReceipt = frame.string("receipt")
        finishDisconnect(connection)
    }

    func finishDisconnect(_ connection: StompConnection) {
        guard connection.phase == .disconnecting, let work = connection.work, work.waiting == 0 else { return }
        // Events that are encoded already go out in front of it.
        leaveRooms(connection.subscriptions, of: connection)
        connection.subscriptions = []
        receipt(work.disconnectReceipt, to: connection)
        close(connection, .done)
    }

    /// Closes when everything before is written.
    func close(_ connection: StompConnection, _ reason: CloseReason) {
        guard connection.phase != .closed else { return }
        forget(connection)
        actions.append(.close(connection.id, reason))
    }

    func forget(_ connection: StompConnection) {
        if connection.phase == .connected || connection.phase == .disconnecting, let userID = connection.person?.userID
        {
            let count = (stomp.perUser[userID] ?? 0) - 1
            stomp.perUser[userID] = count > 0 ? count : nil
        }
        connection.phase = .closed
        stomp.connections[connection.id] = nil
        let subscriptions = connection.subscriptions
        connection.subscriptions = []
        releaseSends(of: connection)
        connection.work = nil
        draining[connection.id] = nil
        leaveRooms(subscriptions, of: connection)
    }

    private func leaveRooms(_ subscriptions: [StompSubscription], of connection: StompConnection) {
        for subscription in subscriptions where subscription.stage != .ended {
            guard let roomID = subscription.roomID else { continue }
            unsubscribe(SubscriptionKey(connection: connection.id, number: subscription.number), roomID: roomID)
        }
    }

    /// Whether a person has a connection to this reactor.
    func isConnected(userID: String) -> Bool { stomp.perUser[userID] != nil }

    /// Ends the connections of a session that ended: 4401, on plain TCP with an ERROR before.
    func closeConnections(ofSession sessionID: String) {
        endConnections { $0.sessionID == sessionID }
    }

    /// Ends the connections of a person who is gone: 4401, on plain TCP with an ERROR before.
    func closeConnections(ofUser userID: String) {
        endConnections { $0.userID == userID }
    }

    /// Ends every connection because the front restarts: 1012.
    package func closeAllConnections() {
        for connection in connections(where: { _ in true }) { close(connection, .restarting) }
    }

    private func endConnections(where matches: (Person) -> Bool) {
        for connection in connections(where: { $0.person.map(matches) ?? false }) { endSession(connection) }
    }

    /// In the order they came, so that a simulation is the same each time.
    private func connections(where matches: (StompConnection) -> Bool) -> [StompConnection] {
        stomp.connections.values.filter(matches).sorted { $0.id.raw < $1.id.raw }
    }

    func endSession(_ connection: StompConnection) {
        guard connection.transport == .raw else {
            close(connection, .sessionEnded)
            return
        }
        fail(connection, ChatError(.unauthenticated, "The session ended."), receipt: nil, reason: .sessionEnded)
    }
}
