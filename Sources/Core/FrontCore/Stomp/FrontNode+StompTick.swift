import Chat
import WebSocket

// What time brings about: heart-beats, pings, silence, the end of sessions. Only connections that are due are looked
// at.
extension FrontNode {
    /// How long a connection goes without being looked at.
    private static let glanceMilliseconds: Int64 = 60_000

    func tickConnections() {
        let finishing = stomp.finishing
        stomp.finishing.removeAll()
        for id in finishing {
            if let connection = stomp.connections[id] { finishDisconnect(connection) }
        }
        for raw in stomp.wheel.takeDue(nowMilliseconds: clock.monotonicMilliseconds) {
            guard let connection = stomp.connections[ConnectionID(raw: raw)],
                stomp.wheel.isDue(slot: connection.slot)
            else { continue }
            glance(connection)
            if connection.phase != .closed { schedule(connection) }
        }
    }

    /// Puts a connection into the timer wheel; an entry it still has there counts for nothing from now on.
    func schedule(_ connection: StompConnection) {
        connection.slot = stomp.wheel.add(connection.id.raw, at: nextGlance(connection))
    }

    private func nextGlance(_ connection: StompConnection) -> Int64 {
        guard connection.phase != .waiting else { return connection.sentAt + settings.connectMilliseconds }
        var next = clock.monotonicMilliseconds + Self.glanceMilliseconds
        guard connection.phase == .connected || connection.phase == .disconnecting else { return next }
        if connection.sendAfterMilliseconds > 0 {
            next = min(next, connection.sentAt + Int64(connection.sendAfterMilliseconds))
        }
        if connection.silenceMilliseconds > 0, !connection.isPaused {
            next = min(next, connection.heardAt + Int64(connection.silenceMilliseconds))
        }
        if connection.isPinged {
            next = min(next, max(connection.heardAt, connection.pingedAt) + settings.pingMilliseconds)
        }
        return next
    }

    private func glance(_ connection: StompConnection) {
        let now = clock.monotonicMilliseconds
        switch connection.phase {
        case .waiting:
            guard now >= connection.sentAt + settings.connectMilliseconds else { return }
            fail(
                connection, ChatError(.timeout, "CONNECT did not come in time."), receipt: nil, reason: .policy)
        case .connected, .disconnecting: glanceConnected(connection, now: now)
        case .authenticating, .closed: return
        }
    }

    private func glanceConnected(_ connection: StompConnection, now: Int64) {
        if let person = connection.person, person.expiresAtMilliseconds <= clock.wallMilliseconds {
            endSession(connection)
            return
        }
        if connection.silenceMilliseconds > 0, !connection.isPaused,
            now >= connection.heardAt + Int64(connection.silenceMilliseconds)
        {
            fail(
                connection, ChatError(.timeout, "Nothing was heard for 2.5 heart-beats."), receipt: nil,
                reason: .policy)
            return
        }
        if let work = connection.work, work.isEmpty, connection.phase == .connected { connection.work = nil }
        beat(connection, now: now)
    }

    /// Sends what keeps the connection alive. The wheel wakes up to a slot early, and early is right.
    private func beat(_ connection: StompConnection, now: Int64) {
        let early = TimerWheel.slotMilliseconds
        if connection.sendAfterMilliseconds > 0,
            now + early >= connection.sentAt + Int64(connection.sendAfterMilliseconds)
        {
            actions.append(.send(connection.id, wrap([10], transport: connection.transport)))
            connection.sentAt = now
            stompCounters.heartBeatsOut += 1
        }
        if connection.isPinged,
            now + early >= max(connection.heardAt, connection.pingedAt) + settings.pingMilliseconds
        {
            var ping: [UInt8] = []
            WebSocketWriter.append(.ping, [], to: &ping)
            actions.append(.send(connection.id, ping))
            connection.pingedAt = now
        }
    }
}
