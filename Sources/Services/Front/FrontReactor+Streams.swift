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
    /// Whether the request was for an endpoint of STOMP, in which case it is dealt with here.
    func upgrade(
        _ request: HTTPRequest, _ peer: Peer, _ exchange: HTTPExchange, isAllowed: Bool, _ connections: Connections
    ) -> Bool {
        guard let rest = Self.endpointRest(request.target.path) else { return false }
        if rest.isEmpty {
            shakeHands(request, peer, exchange, isAllowed: isAllowed, isFramed: false, connections)
        } else {
            serveSockJS(request, rest: rest, peer, exchange, isAllowed: isAllowed, connections)
        }
        return true
    }

    /// The opening handshake (RFC 6455 §4.2); a request without any sign of one gets the greeting.
    func shakeHands(
        _ request: HTTPRequest, _ peer: Peer, _ exchange: HTTPExchange, isAllowed: Bool, isFramed: Bool,
        _ connections: Connections
    ) {
        switch WebSocketHandshake.judge(
            method: request.method, isHTTP11: request.isHTTP11, header: { request.fields.all($0) },
            deflate: configuration.deflates ? WebSocketDeflate() : nil, sha1: { SHA1.hash($0) })
        {
        case .none: greet(request, peer, exchange, connections)
        case .refuse(let status, let headers, let reason):
            let code: ChatError.Code = status == 405 ? .methodNotAllowed : .badRequest
            var response = error(ChatError(code, "No WebSocket handshake: \(reason)."), status: status, exchange)
            response.headers += headers.filter { $0.name != "Connection" }.map { ($0.name, $0.value) }
            send(response, exchange, peer, connections)
        case .accept(let acceptance):
            guard isAllowed else {
                let refusal = ChatError(.forbidden, "This Origin is not allowed; see --origins.")
                send(error(refusal, status: 403, exchange), exchange, peer, connections)
                return
            }
            let client = request.fields["user-agent"] ?? ""
            // A cookie does not count without an Origin: only a browser's page tells where it comes from.
            let cookie = request.fields["origin"] == nil ? nil : request.cookie("session")
            identify(request, cookie: cookie, peer, exchange, connections) { [unowned self] person in
                accept(peer, acceptance, person: person, client: client, isFramed: isFramed, connections)
            }
        }
    }

    /// A plain GET of the path gets the greeting that SockJS servers give.
    private func greet(
        _ request: HTTPRequest, _ peer: Peer, _ exchange: HTTPExchange, _ connections: Connections
    ) {
        guard request.method == "GET" || request.isHead else {
            var response = error(ChatError(.methodNotAllowed, "Only GET is allowed here."), status: 405, exchange)
            response.headers.append(("Allow", "GET, HEAD"))
            send(response, exchange, peer, connections)
            return
        }
        let greeting = APIResponse(
            status: 200, body: Array("Welcome to SockJS!\n".utf8), contentType: "text/plain; charset=UTF-8")
        send(greeting, exchange, peer, connections)
    }

    /// Who is calling: Authorization, where it is not valid 401; else the cookie, where it is not valid nobody. Goes on
    /// with `then` unless the request was answered.
    func identify(
        _ request: HTTPRequest, cookie: String?, _ peer: Peer, _ exchange: HTTPExchange, _ connections: Connections,
        then: @escaping (Person?) -> Void
    ) {
        let authorization = request.fields["authorization"]
        guard authorization != nil || cookie != nil else {
            then(nil)
            return
        }
        connections.pauseReading(peer.id)
        node.authenticate(token: authorization == nil ? cookie ?? "" : request.bearerToken ?? "") {
            [unowned self] result in
            guard self.peer(peer.id, connections) === peer, case .answering = peer.mode else { return }
            switch result {
            case .success(let person): then(person)
            case .failure(let refusal) where authorization != nil || refusal.code != .unauthenticated:
                send(error(refusal, status: refusal.code.status, exchange), exchange, peer, connections)
            case .failure: then(nil)
            }
            resume(peer, connections)
        }
    }

    private func accept(
        _ peer: Peer, _ acceptance: WebSocketHandshake.Acceptance, person: Person?, client: String,
        isFramed: Bool, _ connections: Connections
    ) {
        write(acceptance.response, to: peer, connections)
        context.status.countResponse(status: 101)
        peer.mode = .webSocket
        peer.http = nil
        peer.webSocket = WebSocketParser(
            role: .server, limits: WebSocketLimits(messageBytesMax: configuration.frameBytesMax),
            inflater: acceptance.deflate.map { Inflation(windowBits: $0.clientWindowBits) })
        peer.deflation = acceptance.deflate.flatMap { deflation(windowBits: $0.serverWindowBits) }
        let isWrapped = isFramed || peer.deflation != nil || peer.tls != nil
        if isWrapped { wrappedSockets.insert(peer.id.rawValue) }
        if isFramed {
            peer.sockJSSocket = SockJSSocket(
                configuration: sockJS.configuration, now: SystemClock.monotonicNanoseconds())
            sendText(SockJSFrame.open, to: peer, connections)
        }
        node.connected(
            peer.coreID, transport: isWrapped ? .wrapped : .webSocket, person: person, client: client)
    }

    private func deflation(windowBits: Int) -> Deflation? {
        if deflations[windowBits] == nil { deflations[windowBits] = try? Deflation(windowBits: windowBits) }
        return deflations[windowBits]
    }

    /// WebSocket frames of a connection.
    func receiveWebSocket(_ peer: Peer, _ bytes: UnsafeMutableRawBufferPointer, _ connections: Connections) {
        var offset = 0
        node.heard(from: peer.coreID)
        while case .webSocket = peer.mode, let event = peer.webSocket?.next(in: bytes, from: &offset) {
            switch event {
            case .needMore: return
            case .message(_, let payload): receiveMessage(peer, payload, connections)
            case .ping(let payload): sendFrame(.pong, payload, to: peer, connections)
            case .pong: break
            case .close(let code, _): closeWebSocket(peer, code: code, connections)
            case .violation(let violation): violate(peer, violation, connections)
            }
        }
    }

    /// A message: STOMP as it is, or in SockJS's frames, whose defects end the connection at once.
    private func receiveMessage(_ peer: Peer, _ payload: UnsafeRawBufferPointer, _ connections: Connections) {
        guard peer.sockJSSocket != nil else {
            receiveStomp(peer, payload)
            return
        }
        do throws(SockJSError) {
            for message in try SockJSFrame.messages(inWebSocket: payload) {
                message.withUnsafeBytes { receiveStomp(peer, $0) }
            }
        } catch {
            endStomp(peer, connections)
        }
    }

    private func sendFrame(
        _ opcode: WebSocketOpcode, _ payload: UnsafeRawBufferPointer, to peer: Peer, _ connections: Connections
    ) {
        var bytes: [UInt8] = []
        WebSocketWriter.append(opcode, payload, to: &bytes)
        write(bytes, to: peer, connections)
    }

    /// The other side closes: what is on its way goes out first, then the same code back (RFC 6455 §5.5.1).
    private func closeWebSocket(_ peer: Peer, code: UInt16?, _ connections: Connections) {
        perform(connections)
        var bytes: [UInt8] = []
        WebSocketWriter.appendClose(code: code, to: &bytes)
        write(bytes, to: peer, connections)
        endStomp(peer, connections)
    }

    private func violate(_ peer: Peer, _ violation: WebSocketViolation, _ connections: Connections) {
        if violation.closeCode == WebSocketCloseCode.tooLarge {
            // CONTRACT section 3: ERROR, then Close 1009; the node sends both.
            node.tooLarge(peer.coreID)
            perform(connections)
            return
        }
        perform(connections)
        var bytes: [UInt8] = []
        WebSocketWriter.appendClose(code: violation.closeCode, reason: violation.reason, to: &bytes)
        write(bytes, to: peer, connections)
        endStomp(peer, connections)
    }

    /// Ends a STOMP connection whose other side knows why.
    private func endStomp(_ peer: Peer, _ connections: Connections) {
        node.disconnected(peer.coreID)
        end(peer, connections)
    }

    /// STOMP frames, however they are cut.
    func receiveStomp(_ peer: Peer, _ bytes: UnsafeRawBufferPointer) {
        receiveStomp(id: peer.coreID, &peer.stomp, bytes)
    }

    func receiveStomp(id: FrontCore.ConnectionID, _ parser: inout StompParser, _ bytes: UnsafeRawBufferPointer) {
        node.heard(from: id)
        var input = StompInput(bytes)
        do throws(StompError) {
            while let frame = try parser.next(&input, scratch) {
                if let version = node.received(id, frame) { parser.version = version }
            }
        } catch {
            node.protocolError(id, error)
        }
    }
}
