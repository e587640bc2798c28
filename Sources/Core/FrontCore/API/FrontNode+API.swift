import Chat

extension FrontNode {
    /// An HTTP request to the API came. Exactly one `.respond` with this `id` follows, now or later, with X-Request-Id.
    /// HEAD is answered as GET, and the shell leaves the body out.
    package func handle(_ request: APIRequest, id: HTTPRequestID) {
        let api = API(node: self)
        let found = Route.all.compactMap { route in route.match(request.path).map { (route, $0) } }
        guard !found.isEmpty else {
            api.refuse(APICall(id: id, request: request, path: PathValues()), .noSuchPath)
            return
        }
        let method = request.method == "HEAD" ? "GET" : request.method
        guard let (route, path) = found.first(where: { $0.0.method == method }) else {
            let refusal = ChatError(.methodNotAllowed, "This path has no \(FrontNode.printable(request.method)).")
            var response = APIResponse.refusal(refusal, requestID: request.requestID)
            response.headers.append(("Allow", FrontNode.allowed(found.map(\.0))))
            api.respond(APICall(id: id, request: request, path: PathValues()), response)
            return
        }
        let call = APICall(id: id, request: request, path: path)
        switch route.handler {
        case .anyone(let handler): FrontNode.attempt(api, call) { () throws(ChatError) in try handler(api)(call) }
        case .person(let handler):
            identify(request) { result in
                FrontNode.attempt(api, call) { () throws(ChatError) in try handler(api)(call, try result.get()) }
            }
        }
    }

    private static func attempt(_ api: API, _ call: APICall, _ work: () throws(ChatError) -> Void) {
        do throws(ChatError) {
            try work()
        } catch {
            api.refuse(call, error)
        }
    }

    /// Who asks: the header Authorization where there is one, else the cookie.
    private func identify(_ request: APIRequest, then completion: @escaping SessionCompletion) {
        if let authorization = request.authorization {
            guard let token = FrontNode.bearer(authorization) else {
                completion(.failure(.badSession))
                return
            }
            authenticate(token: token, then: completion)
        } else if let cookie = request.sessionCookie {
            authenticate(token: cookie, then: completion)
        } else {
            completion(.failure(ChatError(.unauthenticated, "Log in first: there is no session token.")))
        }
    }

    /// The token of `Bearer TOKEN` (RFC 6750 §2.1; the scheme in any case, RFC 9110 §11.1), nil for anything else.
    package static func bearer(_ authorization: String) -> String? {
        let parts = authorization.split(separator: " ")
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
        return String(parts[1])
    }

    private static func allowed(_ routes: [Route]) -> String {
        var methods: [String] = []
        for route in routes {
            if !methods.contains(route.method) { methods.append(route.method) }
            if route.method == "GET" { methods.append("HEAD") }
        }
        return methods.sorted().joined(separator: ", ")
    }

    private static func printable(_ method: String) -> String {
        String(String.UnicodeScalarView(method.unicodeScalars.filter { $0.isASCII && $0.value > 0x20 }.prefix(20)))
    }
}
