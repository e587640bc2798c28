/// What of an HTTP request the router looks at.
package struct SockJSRequest: Sendable {
    /// The method, in capitals.
    package var method: String
    /// What follows the prefix of the service, from the slash on; percent-encoded, without the query.
    package var path: String
    /// `Origin`.
    package var origin: String?
    /// Whether that origin may read answers; the service's list of origins decides.
    package var isOriginAllowed: Bool
    /// `If-None-Match`.
    package var ifNoneMatch: String?
    /// `Access-Control-Request-Headers`.
    package var requestHeaders: String?
    /// The value of the cookie JSESSIONID.
    package var sessionCookie: String?
    /// Whether `Upgrade` names websocket.
    package var upgradesToWebSocket: Bool
    /// Whether `Connection` has the token upgrade.
    package var connectionUpgrades: Bool

    /// A request for `path` with no header that matters here.
    package init(
        method: String, path: String, origin: String? = nil, isOriginAllowed: Bool = false,
        ifNoneMatch: String? = nil, requestHeaders: String? = nil, sessionCookie: String? = nil,
        upgradesToWebSocket: Bool = false, connectionUpgrades: Bool = false
    ) {
        self.method = method
        self.path = path
        self.origin = origin
        self.isOriginAllowed = isOriginAllowed
        self.ifNoneMatch = ifNoneMatch
        self.requestHeaders = requestHeaders
        self.sessionCookie = sessionCookie
        self.upgradesToWebSocket = upgradesToWebSocket
        self.connectionUpgrades = connectionUpgrades
    }
}
