/// A peer broke the protocol or a limit: answer with `status`, then close the connection, as nobody knows where the
/// next message would begin (RFC 9112 §9.6).
package struct HTTPViolation: Error, Equatable, Sendable {
    /// The status of the answer: 400, 408, 413, 414, 417, 431, 501 or 505.
    package let status: Int
    /// What was wrong, in ASCII, safe to show.
    package let reason: String

    init(_ status: Int, _ reason: String) {
        self.status = status
        self.reason = reason
    }

    static func bad(_ reason: String) -> HTTPViolation { HTTPViolation(400, reason) }

    static let bodyTooLarge = HTTPViolation(413, "the body is too large")
    static let targetTooLong = HTTPViolation(414, "the request target is too long")
    static let headTooLarge = HTTPViolation(431, "the header fields are too large")

    /// For the caller's clock: the request did not come in time (RFC 9110 §15.5.9).
    package static let timeout = HTTPViolation(408, "the request did not come in time")
}
