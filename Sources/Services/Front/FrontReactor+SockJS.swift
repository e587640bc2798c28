import Chat
import Crypto
import FrontCore
import HTTP
import Linux
import Reactor
import SockJS
import Stomp
import WebSocket

extension FrontReactor {
    /// What follows the prefix of the STOMP endpoints in a path: empty for the endpoint itself; nil elsewhere.
    static func endpointRest(_ path: String) -> Substring? {
        for prefix in ["/stomp/chat", "/ws"] where path.hasPrefix(prefix) {
            let rest = path.dropFirst(prefix.count)
            if rest.isEmpty || rest.first == "/" { return rest }
        }
        return nil
    }

    /// A request below an endpoint: SockJS's own pages, its transports, and raw WebSocket.
    func serveSockJS(
        _ request: HTTPRequest, rest: Substring, _ peer: Peer, _ exchange: HTTPExchange, isAllowed: Bool,
        _ connections: Connections
    ) {
        var asked = SockJSRequest(
            method: request.method, path: String(rest), origin: request.fields["origin"], isOriginAllowed: isAllowed)
        asked.ifNoneMatch = request.fields["if-none-match"]
        asked.requestHeaders = request.fields["access-control-request-headers"]
        asked.sessionCookie = request.cookie("JSESSIONID")
        asked.upgradesToWebSocket = request.fields.list("upgrade", contains: "websocket")
        asked.connectionUpgrades = request.fields.list("connection", contains: "upgrade")
        let answer = sockJS.answer(
            asked, entropy: UInt32(truncatingIfNeeded: SystemRandom.next()),
            nowMilliseconds: node.clock.wallMilliseconds)
        switch answer {
        case .response(let response): send(response, exchange, peer, connections)
        case .notFound(let headers):
            var response = error(ChatError(.notFound, "There is nothing at this path."), status: 404, exchange)
            response.headers += headers.map { ($0.name, $0.value) }
            send(response, plain(exchange), peer, connections)
        case .webSocket(let isFramed):
            shakeHands(request, peer, exchange, isAllowed: isAllowed, isFramed: isFramed, connections)
        case .receive(let name, let transport, let head):
            receive(name, transport, head, request, peer, exchange, isAllowed: isAllowed, connections)
        case .send(let name, let accepted):
            take(request.body, for: name, accepted, asked, peer, exchange, connections)
        }
    }

    /// The router writes CORS headers itself.
    private func plain(_ exchange: HTTPExchange) -> HTTPExchange {
        HTTPExchange(
            isHead: exchange.isHead, isHTTP11: exchange.isHTTP11, keepsAlive: exchange.keepsAlive, allowedOrigin: nil,
            requestID: exchange.requestID)
    }

    private func send(
        _ response: SockJSResponse, _ exchange: HTTPExchange, _ peer: Peer, _ connections: Connections
    ) {
        let api = APIResponse(
            status: response.status, headers: response.headers.map { ($0.name, $0.value) }, body: response.body,
            contentType: nil)
        send(api, plain(exchange), peer, connections)
    }

    /// A request that takes frames: finds its session, or makes it once it is known who calls.
    private func receive(
        _ name: String, _ transport: SockJSTransport, _ head: SockJSResponse, _ request: HTTPRequest, _ peer: Peer,
        _ exchange: HTTPExchange, isAllowed: Bool, _ connections: Connections
    ) {
        if let session = sockJSSessions[name] {
            attach(peer, to: session, transport, head, connections)
            return
        }
        let client = request.fields["user-agent"] ?? ""
        identify(
            request, cookie: isAllowed ? request.cookie("session") : nil, peer, exchange, connections
        ) { [unowned self] person in
            let session = sockJSSessions[name] ?? openSession(name, person: person, client: client)
            attach(peer, to: session, transport, head, connections)
        }
    }

    private func openSession(_ name: String, person: Person?, client: String) -> SockJSPeer {
        nextSockJS += 1
        let id = FrontCore.ConnectionID(raw: SockJSPeer.bit | nextSockJS)
        let session = SockJSPeer(
            id: id, name: name,
            session: SockJSSession(configuration: sockJS.configuration, now: SystemClock.monotonicNanoseconds()))
        sockJSSessions[name] = session
        sockJSByID[id.raw] = session
        node.connected(id, transport: .wrapped, person: person, client: client)
        return session
    }

    private func attach(
        _ peer: Peer, to session: SockJSPeer, _ transport: SockJSTransport, _ head: SockJSResponse,
        _ connections: Connections
    ) {
        peer.sockJS = session
        resume(peer, connections)
        update(session, connections) { state, now, actions in
            state.attach(receiver: peer.id.rawValue, transport, head: head, now: now, actions: &actions)
        }
    }

    private func take(
        _ body: [UInt8], for name: String, _ accepted: SockJSResponse, _ asked: SockJSRequest, _ peer: Peer,
        _ exchange: HTTPExchange, _ connections: Connections
    ) {
        guard let session = sockJSSessions[name], session.session.isOpen else {
            var response = error(ChatError(.notFound, "There is no such session."), status: 404, exchange)
            response.headers += sockJS.cors(asked).map { ($0.name, $0.value) }
            send(response, plain(exchange), peer, connections)
            return
        }
        let messages: [[UInt8]]
        do throws(SockJSError) {
            messages = try body.withUnsafeBytes { raw in
                Result { () throws(SockJSError) in try SockJSFrame.messages(inSend: raw) }
            }.get()
        } catch {
            send(sockJS.refusal(asked, error), exchange, peer, connections)
            return
        }
        send(accepted, exchange, peer, connections)
        for message in messages { message.withUnsafeBytes { receiveStomp(session, $0) } }
    }

    private func receiveStomp(_ session: SockJSPeer, _ bytes: UnsafeRawBufferPointer) {
        receiveStomp(id: session.id, &session.stomp, bytes)
    }

    /// Changes a session and carries out what comes of it.
    func update(
        _ session: SockJSPeer, _ connections: Connections,
        _ change: (inout SockJSSession, UInt64, inout [SockJSAction]) -> Void
    ) {
        var actions: [SockJSAction] = []
        change(&session.session, SystemClock.monotonicNanoseconds(), &actions)
        for action in actions { perform(action, of: session, connections) }
    }

    private func perform(_ action: SockJSAction, of session: SockJSPeer, _ connections: Connections) {
        switch action {
        case .respond(let receiver, let response):
            guard let (peer, exchange) = receiving(receiver, connections) else { return }
            peer.sockJS = nil
            send(response, exchange, peer, connections)
        case .begin(let receiver, let response):
            guard let (peer, exchange) = receiving(receiver, connections) else { return }
            var bytes: [UInt8] = []
            let fields = response.headers.map { HTTPField($0.name, $0.value) }
            let isChunked = HTTPResponse(
                status: response.status, fields: [HTTPField("X-Request-Id", exchange.requestID)] + fields
            ).appendStreamHead(to: &bytes, delivery(exchange))
            peer.isChunked = isChunked
            write(bytes, to: peer, connections)
        case .write(let receiver, let piece):
            guard let (peer, _) = receiving(receiver, connections) else { return }
            var bytes: [UInt8] = []
            if peer.isChunked { HTTPChunk.append(piece, to: &bytes) } else { bytes = piece }
            write(bytes, to: peer, connections)
        case .finish(let receiver): finishStream(receiver, connections)
        case .ended: node.disconnected(session.id)
        case .forget:
            sockJSSessions[session.name] = nil
            sockJSByID[session.id.raw] = nil
        }
    }

    private func receiving(_ receiver: UInt64, _ connections: Connections) -> (Peer, HTTPExchange)? {
        guard let peer = peer(SocketID(rawValue: receiver), connections), case .answering(let exchange) = peer.mode
        else { return nil }
        return (peer, exchange)
    }

    private func finishStream(_ receiver: UInt64, _ connections: Connections) {
        guard let (peer, exchange) = receiving(receiver, connections) else { return }
        peer.sockJS = nil
        if peer.isChunked { write(HTTPChunk.last, to: peer, connections) }
        finish(peer, exchange: exchange, closes: !peer.isChunked, connections)
    }

    /// Frames for a SockJS session over HTTP; they go out at the turn's end.
    func queue(_ bytes: [UInt8], for session: SockJSPeer) {
        session.session.queue(bytes)
        guard !session.isDirty else { return }
        session.isDirty = true
        dirtySockJS.append(session)
    }

    /// Sends what was queued to those that wait for it.
    func flushSockJS(_ connections: Connections) {
        let dirty = dirtySockJS
        dirtySockJS.removeAll(keepingCapacity: true)
        for session in dirty {
            session.isDirty = false
            update(session, connections) { state, now, actions in state.flush(now: now, actions: &actions) }
            guard session.session.pendingBytes > configuration.outputBytesMax else { continue }
            node.disconnected(session.id)
            update(session, connections) { state, now, actions in
                state.close(
                    code: Int(WebSocketCloseCode.tooSlow), reason: "too slow; come back with since", now: now,
                    actions: &actions)
            }
        }
    }

    /// Heart-beats, and the end of sessions that nobody polls.
    func tickSockJS(_ connections: Connections) {
        let now = SystemClock.monotonicNanoseconds()
        for session in Array(sockJSByID.values) where session.session.deadlineNanoseconds <= now {
            update(session, connections) { state, now, actions in state.tick(now: now, actions: &actions) }
        }
        for raw in Array(wrappedSockets) {
            guard let peer = peer(SocketID(rawValue: raw), connections), let beat = peer.sockJSSocket?.tick(now: now)
            else { continue }
            sendText(beat, to: peer, connections)
        }
    }

    /// A message of STOMP frames over a WebSocket of its own kind.
    func sendWrapped(_ bytes: [UInt8], to peer: Peer, _ connections: Connections) {
        guard peer.sockJSSocket != nil else {
            sendText(bytes, to: peer, connections)
            return
        }
        var frame: [UInt8] = []
        bytes.withUnsafeBytes { SockJSFrame.appendMessage($0, to: &frame) }
        peer.sockJSSocket?.sent(now: SystemClock.monotonicNanoseconds())
        sendText(frame, to: peer, connections)
    }

    func sendText(_ text: [UInt8], to peer: Peer, _ connections: Connections) {
        var bytes: [UInt8] = []
        if let deflation = peer.deflation {
            text.withUnsafeBytes { WebSocketWriter.appendCompressed(.text, $0, deflater: deflation, to: &bytes) }
        } else {
            WebSocketWriter.append(.text, text, to: &bytes)
        }
        write(bytes, to: peer, connections)
    }
}
