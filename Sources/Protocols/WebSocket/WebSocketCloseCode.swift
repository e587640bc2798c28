/// Status codes of the Close frame (RFC 6455 §7.4 and the IANA registry; 44xx are Madang's own).
package enum WebSocketCloseCode {
    /// The purpose is fulfilled.
    package static let normal: UInt16 = 1000
    /// The server goes away, or the page was left.
    package static let goingAway: UInt16 = 1001
    /// The peer broke the protocol.
    package static let protocolError: UInt16 = 1002
    /// A message is not what its type says, e.g. a text that is not UTF-8.
    package static let invalidPayload: UInt16 = 1007
    /// Against policy, where no better code fits.
    package static let policyViolation: UInt16 = 1008
    /// A message is larger than this end takes.
    package static let tooLarge: UInt16 = 1009
    /// This end failed.
    package static let internalError: UInt16 = 1011
    /// The service restarts; come back.
    package static let serviceRestart: UInt16 = 1012
    /// The session was ended.
    package static let sessionEnded: UInt16 = 4401
    /// The reader is too slow; come back with `since`.
    package static let tooSlow: UInt16 = 4408

    /// True where a peer may put `code` into a Close frame: 1005, 1006 and 1015 never travel, 1004 and the rest
    /// below 3000 are not assigned (RFC 6455 §7.4.1, §7.4.2; 1012 to 1014 by registration).
    package static func isValid(_ code: UInt16) -> Bool {
        switch code {
        case 1000...1003, 1007...1014, 3000...4999: true
        default: false
        }
    }
}
