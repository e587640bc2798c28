import Chat
import FrontCore
import HTTP
import Linux
import Prometheus
import Reactor

extension FrontReactor {
    /// Reads one request at a time; the rest waits until it is answered, so that answers keep the order of requests.
    func receiveHTTP(_ peer: Peer, _ bytes: UnsafeRawBufferPointer, _ connections: Connections) -> Int {
        var offset = 0
        while offset < bytes.count {
            guard let event = peer.http?.next(in: bytes, from: &offset) else { return bytes.count }
            switch event {
            case .needMore:
                watchSlowRequest(peer, connections)
                return bytes.count
            case .expectsContinue: write(HTTPResponse.goOn, to: peer, connections)
            case .request(let request):
                handle(request, of: peer, connections)
                // What was answered at once makes room for the next request, which may be here already.
                guard case .http = peer.mode else { return offset }
            case .violation(let violation):
                refuse(violation, peer, connections)
                return bytes.count
            }
        }
        return offset
    }

    private func watchSlowRequest(_ peer: Peer, _ connections: Connections) {
        switch peer.http?.progress {
        case .head where peer.timer != .head: setTimer(.head, of: peer, connections)
        case .body where peer.timer != .body: setTimer(.body, of: peer, connections)
        default: break
        }
    }

    func setTimer(_ timer: Peer.Timer, of peer: Peer, _ connections: Connections) {
        peer.timer = timer
        switch timer {
        case .none: connections.clearTimer(peer.id)
        case .idle: connections.setTimer(peer.id, milliseconds: configuration.idleSeconds * 1000)
        case .head: connections.setTimer(peer.id, milliseconds: configuration.headSeconds * 1000)
        // Time enough for a body of the largest size over a slow mobile connection.
        case .body: connections.setTimer(peer.id, milliseconds: configuration.headSeconds * 6000)
        }
    }

    func timerFired(_ id: SocketID, _ connections: Connections) {
        guard let peer = peer(id, connections), case .http = peer.mode else { return }
        setClock()
        if peer.timer == .idle {
            end(peer, connections)
        } else {
            refuse(.timeout, peer, connections)
        }
    }

    private func refuse(_ violation: HTTPViolation, _ peer: Peer, _ connections: Connections) {
        let exchange = HTTPExchange(
            isHead: false, isHTTP11: true, keepsAlive: false, allowedOrigin: nil, requestID: newRequestID())
        let code: ChatError.Code =
            switch violation.status {
            case 408: .timeout
            case 413, 414, 431: .tooLarge
            default: .badRequest
            }
        let words = "Malformed or too large: \(violation.reason)."
        send(error(ChatError(code, words), status: violation.status, exchange), exchange, peer, connections)
    }

    func newRequestID() -> String {
        String(SystemRandom.next() >> 1, radix: 36) + String(SystemRandom.next() & 0xFFFF_FFFF, radix: 36)
    }

    private func handle(_ request: HTTPRequest, of peer: Peer, _ connections: Connections) {
        setTimer(.none, of: peer, connections)
        context.status.countRequest()
        let origin = request.fields["origin"]
        let isAllowed = context.origins.allows(origin: origin, host: request.host)
        let exchange = HTTPExchange(
            isHead: request.isHead, isHTTP11: request.isHTTP11, keepsAlive: request.keepsAlive && !isDraining,
            allowedOrigin: isAllowed ? origin : nil, requestID: newRequestID())
        peer.mode = .answering(exchange)
        if upgrade(request, peer, exchange, isAllowed: isAllowed, connections) { return }
        if request.method == "OPTIONS" {
            send(preflight(isAllowed: isAllowed && origin != nil), exchange, peer, connections)
            return
        }
        if let response = serve(request, exchange) {
            send(response, exchange, peer, connections)
            return
        }
        connections.pauseReading(peer.id)
        node.handle(apiRequest(request, exchange, isAllowed: isAllowed), id: HTTPRequestID(raw: peer.id.rawValue))
    }

    private func apiRequest(_ request: HTTPRequest, _ exchange: HTTPExchange, isAllowed: Bool) -> APIRequest {
        var api = APIRequest(
            method: request.isHead ? "GET" : request.method, path: request.target.segments,
            query: request.target.query.map { ($0.name, $0.value) }, body: request.body)
        api.authorization = request.fields["authorization"]
        // A foreign page may not act with the person's cookie.
        api.sessionCookie = isAllowed ? request.cookie("session") : nil
        api.idempotencyKey = request.fields["idempotency-key"]
        api.host = request.host.isEmpty ? nil : request.host
        api.userAgent = request.fields["user-agent"]
        api.traceparent = request.fields["traceparent"]
        api.requestID = exchange.requestID
        return api
    }

    /// What the shell answers by itself: the page and the service's own paths; nil for the rest.
    private func serve(_ request: HTTPRequest, _ exchange: HTTPExchange) -> APIResponse? {
        let path = request.target.path
        guard ["/", "/healthz", "/readyz", "/metrics"].contains(path) else { return nil }
        guard request.method == "GET" || request.isHead else {
            var response = error(ChatError(.methodNotAllowed, "Only GET is allowed here."), status: 405, exchange)
            response.headers.append(("Allow", "GET, HEAD"))
            return response
        }
        switch path {
        case "/": return WebClient.response
        case "/healthz": return APIResponse(status: 200, body: Array(#"{"status":"alive"}"#.utf8))
        case "/readyz": return context.status.readiness(draining: isDraining)
        default:
            return APIResponse(
                status: 200, body: Array(context.status.metrics(context).utf8), contentType: PrometheusText.contentType)
        }
    }

    private func preflight(isAllowed: Bool) -> APIResponse {
        guard isAllowed else {
            return APIResponse(status: 204, headers: [("Allow", "GET, HEAD, POST, PUT, DELETE, OPTIONS")])
        }
        return APIResponse(
            status: 204,
            headers: [
                ("Access-Control-Allow-Methods", "GET, HEAD, POST, PUT, DELETE, OPTIONS"),
                ("Access-Control-Allow-Headers", "Authorization, Content-Type, Idempotency-Key, traceparent"),
                ("Access-Control-Max-Age", "600"),
            ])
    }

    func error(_ refusal: ChatError, status: Int, _ exchange: HTTPExchange) -> APIResponse {
        .refusal(refusal, requestID: exchange.requestID, status: status)
    }

    /// The node's answer to the request of a connection.
    func respond(_ id: HTTPRequestID, _ response: APIResponse, _ connections: Connections) {
        let id = SocketID(rawValue: id.raw)
        guard let peer = peer(id, connections), case .answering(let exchange) = peer.mode else { return }
        send(response, exchange, peer, connections)
        if case .http = peer.mode { resume(peer, connections) }
    }

    /// Writes an answer, and makes the connection ready for the next request or ends it.
    func send(_ response: APIResponse, _ exchange: HTTPExchange, _ peer: Peer, _ connections: Connections) {
        var fields = [HTTPField("X-Request-Id", exchange.requestID)]
        if let contentType = response.contentType { fields.append(HTTPField("Content-Type", contentType)) }
        for (name, value) in response.headers where name.lowercased() != "x-request-id" {
            fields.append(HTTPField(name, value))
        }
        if let origin = exchange.allowedOrigin {
            fields.append(HTTPField("Access-Control-Allow-Origin", origin))
            fields.append(HTTPField("Access-Control-Allow-Credentials", "true"))
            fields.append(HTTPField("Access-Control-Expose-Headers", "Epoch, X-Request-Id, Retry-After"))
        }
        fields.append(HTTPField("Vary", "Origin"))
        if response.headers.allSatisfy({ $0.name.lowercased() != "cache-control" }) {
            fields.append(HTTPField("Cache-Control", "no-store"))
        }
        fields.append(HTTPField("X-Content-Type-Options", "nosniff"))
        var bytes: [UInt8] = []
        HTTPResponse(status: response.status, fields: fields, body: response.body).append(
            to: &bytes, delivery(exchange))
        write(bytes, to: peer, connections)
        context.status.countResponse(status: response.status)
        finish(peer, exchange: exchange, closes: false, connections)
    }

    func delivery(_ exchange: HTTPExchange) -> HTTPResponse.Delivery {
        HTTPResponse.Delivery(
            date: HTTPDate.text(secondsSince1970: node.clock.wallMilliseconds / 1000), closes: !exchange.keepsAlive,
            isHead: exchange.isHead, isHTTP11: exchange.isHTTP11)
    }

    /// The answer is written: the connection reads the next request, or ends.
    func finish(_ peer: Peer, exchange: HTTPExchange, closes: Bool, _ connections: Connections) {
        if exchange.keepsAlive, !closes {
            peer.mode = .http
            setTimer(.idle, of: peer, connections)
        } else {
            end(peer, connections)
        }
    }
}
