import SockJS
import Testing

/// What a request got: a whole answer, or one that goes on.
struct Reply {
    var status = 0
    var head: SockJSResponse?
    /// The pieces of the body that were not read yet.
    var pieces: [String] = []
    var isFinished = false
    /// Neither HTTP nor this: the connection became a WebSocket.
    var webSocketIsFramed: Bool?

    var body: String { pieces.joined() }

    subscript(name: String) -> String? { head?[name] }
}

/// The services that the tests of sockjs-protocol expect, without sockets: the router and the sessions, carried out.
final class EchoServer {
    enum Service: String { case echo, close, disabled_websocket_echo, cookie_needed_echo }

    var now: UInt64 = 1_000_000_000
    private var replies: [UInt64: Reply] = [:]
    private var lastReceiver: UInt64 = 0
    private var sessions: [String: SockJSSession] = [:]
    private var entropy: UInt32 = 7
    private var owners: [UInt64: String] = [:]
    private(set) var endedSessions: [String] = []
    let streamBytesMax: Int

    init(streamBytesMax: Int = 4096) { self.streamBytesMax = streamBytesMax }

    func configuration(_ service: Service) -> SockJSConfiguration {
        SockJSConfiguration(
            offersWebSocket: service != .disabled_websocket_echo, needsCookie: service == .cookie_needed_echo,
            streamBytesMax: streamBytesMax)
    }

    /// Sends a request; the number is for `read`, `reply` and `abort`.
    @discardableResult
    func send(
        _ method: String, _ service: Service = .echo, _ path: String, headers: [String: String] = [:],
        body: String = "", allowsOrigin: Bool = true
    ) -> UInt64 {
        lastReceiver += 1
        entropy = entropy &* 1_664_525 &+ 1_013_904_223
        let id = lastReceiver
        let pathOnly = path.split(separator: "?", omittingEmptySubsequences: false).first.map(String.init) ?? ""
        let request = SockJSRequest(
            method: method, path: pathOnly, origin: headers["Origin"], isOriginAllowed: allowsOrigin,
            ifNoneMatch: headers["If-None-Match"], requestHeaders: headers["Access-Control-Request-Headers"],
            sessionCookie: headers["Cookie"].map { String($0.dropFirst("JSESSIONID=".count)) },
            upgradesToWebSocket: headers["Upgrade"]?.lowercased() == "websocket",
            connectionUpgrades: headers["Connection"]?.lowercased() == "upgrade")
        let router = SockJSRouter(configuration: configuration(service))
        replies[id] = Reply()
        switch router.answer(request, entropy: entropy, nowMilliseconds: 1_795_238_400_000) {
        case .response(let response): respond(id, response)
        case .notFound(let headers): respond(id, SockJSResponse(status: 404, headers: headers))
        case .webSocket(let isFramed): replies[id]?.webSocketIsFramed = isFramed
        case .receive(let session, let transport, let head):
            receive(id, service, session, transport, head)
        case .send(let session, let accepted):
            give(id, router, request, session, accepted, body)
        }
        return id
    }

    private func receive(
        _ id: UInt64, _ service: Service, _ name: String, _ transport: SockJSTransport, _ head: SockJSResponse
    ) {
        let isNew = sessions[name] == nil
        owners[id] = name
        carryOut(name) {
            $0.attach(receiver: id, transport, head: head, now: self.now, actions: &$1)
            if isNew, service == .close { $0.close(code: 3000, reason: "Go away!", now: self.now, actions: &$1) }
        }
    }

    private func give(
        _ id: UInt64, _ router: SockJSRouter, _ request: SockJSRequest, _ name: String, _ accepted: SockJSResponse,
        _ body: String
    ) {
        guard sessions[name]?.isOpen == true else {
            respond(id, SockJSResponse(status: 404, headers: router.cors(request)))
            return
        }
        let messages = Array(body.utf8).withUnsafeBytes { raw in
            Result { () throws(SockJSError) in try SockJSFrame.messages(inSend: raw) }
        }
        switch messages {
        case .success(let messages):
            respond(id, accepted)
            carryOut(name) {
                for message in messages { $0.queue(message) }
                $0.flush(now: self.now, actions: &$1)
            }
        case .failure(let error): respond(id, router.refusal(request, error))
        }
    }

    private func carryOut(_ name: String, _ event: (inout SockJSSession, inout [SockJSAction]) -> Void) {
        var session = sessions[name] ?? SockJSSession(configuration: configuration(.echo), now: now)
        var actions: [SockJSAction] = []
        event(&session, &actions)
        sessions[name] = session
        for action in actions {
            switch action {
            case .respond(let receiver, let response): respond(receiver, response)
            case .begin(let receiver, let head):
                #expect(head.body.isEmpty)
                replies[receiver]?.head = head
                replies[receiver]?.status = head.status
            case .write(let receiver, let bytes):
                #expect(replies[receiver]?.isFinished == false)
                replies[receiver]?.pieces.append(String(decoding: bytes, as: UTF8.self))
            case .finish(let receiver):
                #expect(replies[receiver]?.isFinished == false)
                replies[receiver]?.isFinished = true
            case .ended: endedSessions.append(name)
            case .forget: sessions[name] = nil
            }
        }
    }

    private func respond(_ id: UInt64, _ response: SockJSResponse) {
        #expect(replies[id]?.head == nil)
        replies[id]?.head = response
        replies[id]?.status = response.status
        if !response.body.isEmpty { replies[id]?.pieces.append(String(decoding: response.body, as: UTF8.self)) }
        replies[id]?.isFinished = true
    }

    func reply(_ id: UInt64) -> Reply { replies[id] ?? Reply() }

    /// The next piece of a body; empty at its end, nil while nothing has come.
    func read(_ id: UInt64) -> String? {
        guard var reply = replies[id] else { return nil }
        if reply.pieces.isEmpty { return reply.isFinished ? "" : nil }
        let piece = reply.pieces.removeFirst()
        replies[id] = reply
        return piece
    }

    /// The client cuts the connection.
    func abort(_ id: UInt64) {
        guard let name = owners[id] else { return }
        carryOut(name) { $0.abort(receiver: id, now: self.now, actions: &$1) }
    }

    /// Lets time pass, with every session's ticks on the way.
    func wait(milliseconds: UInt64) {
        let end = now + milliseconds * 1_000_000
        while let next = sessions.values.map(\.deadlineNanoseconds).min(), next <= end {
            now = max(now, next)
            for name in sessions.keys.sorted() { carryOut(name) { $0.tick(now: self.now, actions: &$1) } }
        }
        now = end
    }

    func get(_ path: String, _ service: Service = .echo, headers: [String: String] = [:]) -> Reply {
        reply(send("GET", service, path, headers: headers))
    }

    @discardableResult
    func post(_ path: String, _ service: Service = .echo, headers: [String: String] = [:], body: String = "") -> Reply {
        reply(send("POST", service, path, headers: headers, body: body))
    }
}

/// The helpers of the protocol's `Test` class.
func verifyContentType(_ reply: Reply, _ type: String) {
    #expect(reply["content-type"]?.replacing(" ", with: "") == type)
}

func verifyNotCached(_ reply: Reply) {
    #expect(reply["Cache-Control"] == "no-store, no-cache, no-transform, must-revalidate, max-age=0")
    #expect(reply["Expires"] == nil)
    #expect(reply["Last-Modified"] == nil)
}

func verifyCors(_ reply: Reply, _ origin: String?) {
    #expect(reply["access-control-allow-origin"] == origin ?? "*")
    #expect(reply["access-control-allow-credentials"] == (origin == nil ? nil : "true"))
}

func verifyNoCookie(_ reply: Reply) { #expect(reply["Set-Cookie"] == nil) }

func verify405(_ reply: Reply) {
    #expect(reply.status == 405)
    #expect(reply["content-type"] == nil)
    #expect(reply["allow"] != nil)
    #expect(reply.body == "")
}

func verifyCached(_ reply: Reply) {
    #expect(reply["Cache-Control"]?.contains("public") == true)
    #expect(reply["Cache-Control"]?.contains("max-age=31536000") == true)
    #expect(reply["Expires"] == "Sun, 21 Nov 2027 06:40:00 GMT" || reply["Expires"]?.hasSuffix(" GMT") == true)
    #expect(reply["Last-Modified"] == nil)
}

func verifyOptions(_ path: String, _ methods: String) {
    let server = EchoServer()
    for origin in ["test", "null"] {
        let headers = ["Access-Control-Request-Method": methods, "Origin": origin]
        let reply = server.reply(server.send("OPTIONS", .echo, path, headers: headers))
        #expect(reply.status == 204 || reply.status == 200)
        verifyCached(reply)
        #expect(reply["access-control-max-age"].flatMap { Int($0) } ?? 0 > 1_000_000)
        for method in methods.split(separator: ", ") {
            #expect(reply["Access-Control-Allow-Methods"]?.contains(method) == true)
        }
        #expect(reply.body == "")
        verifyCors(reply, origin)
    }
}
