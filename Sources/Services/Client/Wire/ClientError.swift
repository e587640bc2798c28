package import HTTP
package import Stomp

/// Why a client could not go on.
package enum ClientError: Error, CustomStringConvertible {
    /// A URL nobody can connect to; one line that says what is accepted.
    case invalidURL(String)
    /// Nobody answers there.
    case unreachable(String)
    /// The time given was over, while waiting for this.
    case timedOut(String)
    /// The other side ended the connection; `code` and `reason` of WebSocket's Close frame, where there was one.
    case closed(code: UInt16?, reason: String)
    /// The other side broke its protocol.
    case broken(String)
    /// HTTP answered with another status than the one hoped for.
    case status(HTTPResponse)
    /// STOMP answered with an ERROR frame.
    case refused(StompFrame)

    /// One line for people.
    package var description: String {
        switch self {
        case .invalidURL(let text), .unreachable(let text), .broken(let text): text
        case .timedOut(let what): "no answer in time: \(what)"
        case .closed(let code, let reason):
            "the connection was closed" + (code.map { " (\($0))" } ?? "") + (reason.isEmpty ? "" : ": \(reason)")
        case .status(let response): "HTTP status \(response.status)"
        case .refused(let frame): frame["message"] ?? "refused"
        }
    }

    /// Whether the connection is gone, so that another one may help.
    package var isConnectionLoss: Bool {
        switch self {
        case .unreachable, .timedOut, .closed, .broken: true
        case .invalidURL, .status, .refused: false
        }
    }
}
