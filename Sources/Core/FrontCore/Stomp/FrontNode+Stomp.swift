import Chat
package import Stomp

// Events of STOMP connections, as the shell tells them.
extension FrontNode {
    /// A connection was made. `person`: whom the handshake's Authorization or cookie showed (`authenticate`); `client`:
    /// what it calls itself (User-Agent). CONNECT must come within `settings.connectMilliseconds`.
    package func connected(_ id: ConnectionID, transport: Transport, person: Person? = nil, client: String = "") {
        let connection = StompConnection(
            id: id, transport: transport, person: person, now: clock.monotonicMilliseconds)
        if person == nil, !client.isEmpty { connection.working().client = client }
        stomp.connections[id] = connection
        schedule(connection)
    }

    /// A frame came. Returns the version by which the connection's parser reads the next one; nil before CONNECT. What
    /// the shell has read already when it is told not to read on is still given here.
    @discardableResult
    package func received(_ id: ConnectionID, _ frame: StompFrameView) -> StompVersion? {
        guard let connection = stomp.connections[id] else { return nil }
        connection.heardAt = clock.monotonicMilliseconds
        stompCounters.framesIn += 1
        dispatch(frame, on: connection)
        return connection.version
    }

    /// Octets came that are no whole frame: heart-beats, pongs, parts of frames.
    package func heard(from id: ConnectionID) {
        stomp.connections[id]?.heardAt = clock.monotonicMilliseconds
    }

    /// What came breaks STOMP itself: ERROR and close.
    package func protocolError(_ id: ConnectionID, _ error: StompError) {
        guard let connection = stomp.connections[id] else { return }
        let receipt = error.receipt.map { String(decoding: $0, as: UTF8.self) }
        let code: ChatError.Code = error.kind == .tooLarge ? .tooLarge : .badRequest
        violate(
            connection, ChatError(code, "Not a STOMP frame: \(error.message)."), receipt: receipt,
            reason: error.kind == .tooLarge ? .tooLarge : .protocolError)
    }

    /// A WebSocket message over its limit: ERROR and close 1009.
    package func tooLarge(_ id: ConnectionID) {
        guard let connection = stomp.connections[id] else { return }
        violate(connection, ChatError(.tooLarge, "The message is too large."), receipt: nil, reason: .tooLarge)
    }

    /// The connection is gone; nothing is sent to it any more.
    package func disconnected(_ id: ConnectionID) {
        if let connection = stomp.connections[id] { forget(connection) }
    }

    func dispatch(_ frame: StompFrameView, on connection: StompConnection) {
        switch connection.phase {
        case .waiting:
            guard frame.command == .connect || frame.command == .stomp else {
                violate(connection, frame, "The first frame is CONNECT or STOMP.")
                return
            }
            connect(connection, frame)
        case .authenticating: hold(frame, on: connection)
        case .connected: dispatchConnected(frame, on: connection)
        // STOMP 1.2, DISCONNECT: clients send nothing after it; what comes all the same is passed over.
        case .disconnecting, .closed: return
        }
    }

    private func dispatchConnected(_ frame: StompFrameView, on connection: StompConnection) {
        switch frame.command {
        case .send: send(frame, on: connection)
        case .subscribe: subscribe(frame, on: connection)
        case .unsubscribe: unsubscribe(frame, on: connection)
        case .ack, .nack: acknowledge(frame, on: connection)
        case .begin: begin(frame, on: connection)
        case .commit: commit(frame, on: connection)
        case .abort: abort(frame, on: connection)
        case .disconnect: disconnect(frame, on: connection)
        case .connect, .stomp: violate(connection, frame, "The connection is there already.")
        case .connected, .message, .receipt, .error: violate(connection, frame, "Only servers send this frame.")
        case .unknown: violate(connection, frame, "STOMP knows no such frame.")
        }
    }

    /// Keeps a frame until it is known who speaks. The shell was told not to read, so that is what it had read by then.
    private func hold(_ frame: StompFrameView, on connection: StompConnection) {
        let work = connection.working()
        work.heldBytes += frame.body.count + 256
        guard work.heldBytes <= settings.heldFrameBytesMax else {
            violate(
                connection, ChatError(.tooLarge, "Too much came before the log-in was done."), receipt: nil,
                reason: .tooLarge)
            return
        }
        work.held.append(StompFrame(copying: frame))
    }

    /// Goes on with the frames that waited for the log-in.
    func releaseHeld(on connection: StompConnection) {
        guard let work = connection.work, !work.held.isEmpty else { return }
        let held = work.held
        work.held = []
        work.heldBytes = 0
        for frame in held { frame.withView { dispatch($0, on: connection) } }
    }

    /// Stops reading while too much is under way, and goes on when half of it is answered.
    func balance(_ connection: StompConnection) {
        guard connection.phase == .connected else { return }
        let waiting = connection.work?.waiting ?? 0
        if !connection.isPaused, waiting >= settings.pendingPerConnectionMax {
            pause(connection)
        } else if connection.isPaused, waiting <= settings.pendingPerConnectionMax / 2 {
            resume(connection)
        }
    }

    func pause(_ connection: StompConnection) {
        guard !connection.isPaused else { return }
        connection.isPaused = true
        actions.append(.read(connection.id, false))
    }

    func resume(_ connection: StompConnection) {
        guard connection.isPaused else { return }
        connection.isPaused = false
        // Its silence was ours.
        connection.heardAt = clock.monotonicMilliseconds
        actions.append(.read(connection.id, true))
    }
}
