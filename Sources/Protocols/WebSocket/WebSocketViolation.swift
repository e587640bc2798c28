/// A peer broke the protocol or a limit: fail the connection with a Close frame (RFC 6455 §7.1.7).
package struct WebSocketViolation: Error, Equatable, Sendable {
    /// The status for the Close frame.
    package let closeCode: UInt16
    /// What was wrong, in ASCII, at most 123 bytes, fit for the Close frame and the log.
    package let reason: String

    init(_ closeCode: UInt16, _ reason: String) {
        self.closeCode = closeCode
        self.reason = reason
    }

    static func broken(_ reason: String) -> WebSocketViolation {
        WebSocketViolation(WebSocketCloseCode.protocolError, reason)
    }

    static let notUTF8 = WebSocketViolation(WebSocketCloseCode.invalidPayload, "text is not UTF-8")
    static let messageTooLarge = WebSocketViolation(WebSocketCloseCode.tooLarge, "message too large")
    static let tooManyFragments = WebSocketViolation(WebSocketCloseCode.tooLarge, "too many fragments")
    static let notDeflate = WebSocketViolation(WebSocketCloseCode.invalidPayload, "compressed data is not valid")
}
