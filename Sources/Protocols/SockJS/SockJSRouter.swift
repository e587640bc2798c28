internal import HTTP

/// Answers what needs no session, and says what a request wants of one. Names in brackets are classes of the tests of
/// sockjs-protocol 0.3.4, which are its specification.
package struct SockJSRouter: Sendable {
    /// How the service behaves.
    package let configuration: SockJSConfiguration
    private let page: [UInt8]
    private let pageTag: String

    /// What to do with a request.
    package enum Answer: Sendable, Equatable {
        /// Send this.
        case response(SockJSResponse)
        /// Nothing is there; the headers are those that let a browser see the answer.
        case notFound([SockJSHeader])
        /// Do the handshake; `isFramed` false: messages go without SockJS's frames.
        case webSocket(isFramed: Bool)
        /// Attach the request to the session as its receiver, or open it; `head` begins the answer.
        case receive(session: String, SockJSTransport, head: SockJSResponse)
        /// Give the body to the session; `accepted` is the answer when it was taken.
        case send(session: String, accepted: SockJSResponse)
    }

    /// A router that behaves as `configuration` says.
    package init(configuration: SockJSConfiguration = SockJSConfiguration()) {
        self.configuration = configuration
        page = Array(SockJSRouter.page(script: configuration.scriptURL).utf8)
        // FNV-1a: the tag changes with the page, and nothing else hangs on it.
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in page { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        pageTag = "\"\(String(hash, radix: 16))\""
    }

    /// The answer to a request.
    ///
    /// - Parameters:
    ///   - entropy: a random number, for `/info`.
    ///   - nowMilliseconds: the time since 1970, for `Expires`.
    package func answer(_ request: SockJSRequest, entropy: UInt32, nowMilliseconds: Int64) -> Answer {
        switch SockJSRoute(path: request.path) {
        case .notFound: return .notFound(cors(request))
        case .greeting: return onlyGet(request) { greeting }
        case .iframe: return onlyGet(request) { iframe(request, nowMilliseconds) }
        case .info:
            switch request.method {
            case "GET", "HEAD": return .response(info(request, entropy))
            case "OPTIONS": return .response(options(request, ["OPTIONS", "GET"], nowMilliseconds))
            default: return .response(SockJSRouter.methodNotAllowed(["OPTIONS", "GET"]))
            }
        case .rawWebSocket: return webSocket(request, isFramed: false)
        case .session(let id, let transport):
            if transport == .webSocket { return webSocket(request, isFramed: true) }
            if request.method == "OPTIONS" {
                return .response(options(request, transport.methods, nowMilliseconds))
            }
            guard transport.methods.contains(request.method) else {
                return .response(SockJSRouter.methodNotAllowed(transport.methods))
            }
            if transport == .xhrSend {
                return .send(session: id, accepted: head(request, transport, status: 204))
            }
            return .receive(session: id, transport, head: head(request, transport, status: 200))
        }
    }

    /// The answer to an xhr_send whose body could not be used (XhrPolling.test_invalid_json).
    package func refusal(_ request: SockJSRequest, _ error: SockJSError) -> SockJSResponse {
        SockJSResponse(
            status: 500,
            headers: [SockJSHeader("Content-Type", "text/plain; charset=UTF-8"), SockJSRouter.notCached]
                + cors(request), body: Array(error.message.utf8))
    }

    /// The headers that let a browser of another site read the answer. An origin that is not allowed gets none;
    /// without one, everybody may read what came without credentials.
    package func cors(_ request: SockJSRequest) -> [SockJSHeader] {
        guard let origin = request.origin else { return [SockJSHeader("Access-Control-Allow-Origin", "*")] }
        guard request.isOriginAllowed else { return [SockJSHeader("Vary", "Origin")] }
        return [
            SockJSHeader("Access-Control-Allow-Origin", origin),
            SockJSHeader("Access-Control-Allow-Credentials", "true"), SockJSHeader("Vary", "Origin"),
        ]
    }

    private static let notCached = SockJSHeader(
        "Cache-Control", "no-store, no-cache, no-transform, must-revalidate, max-age=0")

    private func onlyGet(_ request: SockJSRequest, _ response: () -> SockJSResponse) -> Answer {
        guard request.method == "GET" || request.method == "HEAD" else {
            return .response(SockJSRouter.methodNotAllowed(["GET"]))
        }
        return .response(response())
    }

    private static func methodNotAllowed(_ methods: [String]) -> SockJSResponse {
        SockJSResponse(status: 405, headers: [SockJSHeader("Allow", methods.joined(separator: ", "))])
    }

    /// [BaseUrlGreeting]
    private var greeting: SockJSResponse {
        SockJSResponse(
            status: 200, headers: [SockJSHeader("Content-Type", "text/plain; charset=UTF-8")],
            body: Array("Welcome to SockJS!\n".utf8))
    }

    /// [InfoTest]
    private func info(_ request: SockJSRequest, _ entropy: UInt32) -> SockJSResponse {
        let webSocket = configuration.offersWebSocket
        let body =
            #"{"websocket":\#(webSocket),"origins":["*:*"],"cookie_needed":\#(configuration.needsCookie),"#
            + #""entropy":\#(entropy)}"#
        return SockJSResponse(
            status: 200,
            headers: [SockJSHeader("Content-Type", "application/json; charset=UTF-8"), SockJSRouter.notCached]
                + cors(request), body: Array(body.utf8))
    }

    /// [IframePage]
    private func iframe(_ request: SockJSRequest, _ nowMilliseconds: Int64) -> SockJSResponse {
        let cache = SockJSRouter.cached(nowMilliseconds) + [SockJSHeader("ETag", pageTag)]
        if let tag = request.ifNoneMatch, tag == "*" || tag.contains(pageTag) {
            return SockJSResponse(status: 304, headers: cache)
        }
        let type = SockJSHeader("Content-Type", "text/html; charset=UTF-8")
        return SockJSResponse(status: 200, headers: [type] + cache, body: page)
    }

    private static func cached(_ nowMilliseconds: Int64) -> [SockJSHeader] {
        let year: Int64 = 31_536_000
        let expires = HTTPDate.text(secondsSince1970: nowMilliseconds / 1000 + year)
        return [SockJSHeader("Cache-Control", "public, max-age=\(year)"), SockJSHeader("Expires", expires)]
    }

    /// The answer to a browser that asks before it sends; it may be kept for a year.
    private func options(_ request: SockJSRequest, _ methods: [String], _ nowMilliseconds: Int64) -> SockJSResponse {
        var headers = SockJSRouter.cached(nowMilliseconds)
        headers.append(SockJSHeader("Access-Control-Max-Age", "31536000"))
        headers.append(SockJSHeader("Access-Control-Allow-Methods", methods.joined(separator: ", ")))
        if let asked = request.requestHeaders, !asked.isEmpty {
            headers.append(SockJSHeader("Access-Control-Allow-Headers", asked))
        }
        return SockJSResponse(status: 204, headers: headers + cookie(request) + cors(request))
    }

    private func head(_ request: SockJSRequest, _ transport: SockJSTransport, status: Int) -> SockJSResponse {
        let type = SockJSHeader("Content-Type", transport.contentType)
        return SockJSResponse(
            status: status, headers: [type, SockJSRouter.notCached] + cookie(request) + cors(request))
    }

    /// [JsessionidCookie]
    private func cookie(_ request: SockJSRequest) -> [SockJSHeader] {
        guard configuration.needsCookie else { return [] }
        return [SockJSHeader("Set-Cookie", "JSESSIONID=\(request.sessionCookie ?? "dummy"); path=/")]
    }

    /// [WebsocketHttpErrors]
    private func webSocket(_ request: SockJSRequest, isFramed: Bool) -> Answer {
        guard configuration.offersWebSocket else { return .notFound(cors(request)) }
        guard request.method == "GET" else { return .response(SockJSRouter.methodNotAllowed(["GET"])) }
        guard request.upgradesToWebSocket else { return refusal(#"Can "Upgrade" only to "WebSocket"."#) }
        guard request.connectionUpgrades else { return refusal(#""Connection" must be "Upgrade"."#) }
        return .webSocket(isFramed: isFramed)
    }

    private func refusal(_ text: String) -> Answer {
        .response(
            SockJSResponse(
                status: 400, headers: [SockJSHeader("Content-Type", "text/plain; charset=UTF-8")],
                body: Array(text.utf8)))
    }

    /// The page of [IframePage]; `script` is a URL of our own configuration, whose quotes are escaped all the same.
    private static func page(script: String) -> String {
        """
        <!DOCTYPE html>
        <html>
        <head>
          <meta http-equiv="X-UA-Compatible" content="IE=edge" />
          <meta http-equiv="Content-Type" content="text/html; charset=UTF-8" />
          <script src="\(script.replacing("&", with: "&amp;").replacing("\"", with: "&quot;"))"></script>
          <script>
            document.domain = document.domain;
            SockJS.bootstrap_iframe();
          </script>
        </head>
        <body>
          <h2>Don't panic!</h2>
          <p>This is a SockJS hidden iframe. It's used for cross domain magic.</p>
        </body>
        </html>
        """
    }
}
