import Chat
import FrontCore
import HTTP
import Kafka
import Logging
import Reactor
import SockJS
import WebSocket

extension FrontReactor {
    /// Carries out what the node wants, and what that leads to.
    func perform(_ connections: Connections) {
        var actions = node.takeActions()
        while !actions.isEmpty {
            for action in actions { perform(action, connections) }
            actions = node.takeActions()
        }
    }

    private func perform(_ action: FrontAction, _ connections: Connections) {
        switch action {
        case .produce(let topic, let key, let headers, let value): produce(topic, key, headers, value)
        case .send(let id, let bytes): send(bytes, to: id, connections)
        case .fanOut(let bytes, let ids): fanOut(bytes, ids, connections)
        case .close(let id, let reason): close(id, reason, connections)
        case .read(let id, let reads):
            // A SockJS session has no socket of its own to stop; its requests are bounded by the browser.
            let id = SocketID(rawValue: id.raw)
            if reads { connections.resumeReading(id) } else { connections.pauseReading(id) }
        case .awaitDrain(let id): awaitingDrain.insert(id.raw)
        case .respond(let id, let response): respond(id, response, connections)
        case .derive(let job, let password, let salt, let iterations):
            let mailbox = context.mailboxes[index]
            context.workers.add(
                PasswordWorkers.Job(password: password, salt: salt, iterations: iterations) { key in
                    mailbox.post(.derived(job: job, key: key))
                })
        }
    }

    private func send(_ bytes: [UInt8], to id: FrontCore.ConnectionID, _ connections: Connections) {
        if id.raw & SockJSPeer.bit != 0 {
            if let session = sockJSByID[id.raw] { queue(bytes, for: session) }
        } else if !wrappedSockets.isEmpty, wrappedSockets.contains(id.raw) {
            if let peer = peer(SocketID(rawValue: id.raw), connections) { sendWrapped(bytes, to: peer, connections) }
        } else {
            connections.send(SocketID(rawValue: id.raw), bytes)
        }
    }

    private func fanOut(_ bytes: [UInt8], _ ids: [FrontCore.ConnectionID], _ connections: Connections) {
        let slice = bytes.withUnsafeBytes { connections.stage($0) }
        ids.withUnsafeBytes { raw in
            // Both name a connection by the same 64 bits.
            connections.fanOut(slice, to: raw.bindMemory(to: SocketID.self))
        }
    }

    private func produce(_ topic: Topic, _ key: [UInt8], _ wanted: RecordHeaders, _ value: [UInt8]) {
        let counter = wanted.correlationID?.counter ?? 0
        headers.removeAll()
        headers.append("type", wanted.type)
        headers.append("version", String(wanted.version))
        if let correlation = wanted.correlationID { headers.append("correlation-id", correlation.description) }
        if let replyTo = wanted.replyTo { headers.append("reply-to", replyTo.description) }
        if let userID = wanted.userID { headers.append("user-id", userID) }
        if let messageID = wanted.messageID { headers.append("message-id", messageID.description) }
        if let notAfter = wanted.notAfterMilliseconds { headers.append("not-after", String(notAfter)) }
        if let traceparent = wanted.traceparent { headers.append("traceparent", traceparent) }
        guard let log else {
            node.produceFailed(counter: counter, maybe: false)
            return
        }
        do throws(KafkaError) {
            try log.produce(topic: topic, key: key, headers: headers, value: value, counter: counter)
        } catch {
            context.logger.debug("produce: \(error.message)")
            node.produceFailed(counter: counter, maybe: false)
        }
    }

    private func close(_ id: FrontCore.ConnectionID, _ reason: FrontCore.CloseReason, _ connections: Connections) {
        if let session = sockJSByID[id.raw] {
            flushSockJS(connections)
            update(session, connections) { state, now, actions in
                state.close(code: Int(reason.webSocketCode), reason: reason.words, now: now, actions: &actions)
            }
            return
        }
        let id = SocketID(rawValue: id.raw)
        guard let peer = peer(id, connections) else { return }
        if case .webSocket = peer.mode {
            if peer.sockJSSocket != nil {
                sendText(
                    SockJSFrame.close(code: Int(reason.webSocketCode), reason: reason.words), to: peer, connections)
            }
            var close: [UInt8] = []
            WebSocketWriter.appendClose(code: reason.webSocketCode, reason: reason.words, to: &close)
            write(close, to: peer, connections)
        }
        end(peer, connections)
    }

    private func isDrained(_ raw: UInt64, _ connections: Connections) -> Bool {
        if raw & SockJSPeer.bit != 0 { return sockJSByID[raw].map { $0.session.pendingBytes == 0 } ?? true }
        return connections.queuedBytes(SocketID(rawValue: raw)) == 0
    }

    /// Lets catch-ups go on whose bytes the socket took; what the socket did not take calls `drained` later. A few
    /// rounds in a turn, then others have theirs.
    func proceedCatchUps(_ connections: Connections) {
        guard !awaitingDrain.isEmpty else { return }
        for _ in 0..<4 {
            flushSockJS(connections)
            connections.flush()
            var proceeded = false
            for raw in awaitingDrain where isDrained(raw, connections) {
                awaitingDrain.remove(raw)
                node.drained(FrontCore.ConnectionID(raw: raw))
                proceeded = true
            }
            guard proceeded else { return }
            perform(connections)
        }
        context.mailboxes[index].post(.proceed)
    }
}

extension FrontCore.CloseReason {
    /// The WebSocket close code (CONTRACT section 3, Close codes).
    var webSocketCode: UInt16 {
        switch self {
        case .done: WebSocketCloseCode.normal
        case .protocolError: WebSocketCloseCode.protocolError
        case .policy: WebSocketCloseCode.policyViolation
        case .tooLarge: WebSocketCloseCode.tooLarge
        case .sessionEnded: WebSocketCloseCode.sessionEnded
        case .tooSlow: WebSocketCloseCode.tooSlow
        case .restarting: WebSocketCloseCode.serviceRestart
        }
    }

    /// The reason in words.
    var words: String {
        switch self {
        case .done: ""
        case .protocolError: "see the ERROR frame"
        case .policy: "refused"
        case .tooLarge: "too large"
        case .sessionEnded: "the session ended"
        case .tooSlow: "too slow; come back with since"
        case .restarting: "the front restarts; come back with since"
        }
    }
}
