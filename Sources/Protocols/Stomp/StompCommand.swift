/// What a frame says. Commands are case-sensitive (STOMP 1.2, STOMP Frames).
package enum StompCommand: UInt8, Sendable, CaseIterable {
    // Client frames.
    case connect, stomp, send, subscribe, unsubscribe, begin, commit, abort, ack, nack, disconnect
    // Server frames.
    case connected, message, receipt, error
    /// A command that no version of the protocol knows.
    case unknown

    /// The command as it stands in the frame; empty for `unknown`.
    package var name: StaticString {
        switch self {
        case .connect: "CONNECT"
        case .stomp: "STOMP"
        case .send: "SEND"
        case .subscribe: "SUBSCRIBE"
        case .unsubscribe: "UNSUBSCRIBE"
        case .begin: "BEGIN"
        case .commit: "COMMIT"
        case .abort: "ABORT"
        case .ack: "ACK"
        case .nack: "NACK"
        case .disconnect: "DISCONNECT"
        case .connected: "CONNECTED"
        case .message: "MESSAGE"
        case .receipt: "RECEIPT"
        case .error: "ERROR"
        case .unknown: ""
        }
    }

    /// Whether a frame of this command may have a body (STOMP 1.2, Body). What is unknown has no such rule.
    package var allowsBody: Bool {
        switch self {
        case .send, .message, .error, .unknown: true
        default: false
        }
    }

    /// Whether headers are escaped: not in CONNECT and CONNECTED, which stay compatible with 1.0
    /// (STOMP 1.2, Value Encoding); STOMP is handled in the same manner as CONNECT.
    package var escapesHeaders: Bool {
        switch self {
        case .connect, .stomp, .connected: false
        default: true
        }
    }

    /// The command spelt in `bytes`, `unknown` for any other text.
    package init(name bytes: UnsafeRawBufferPointer) {
        self = .unknown
        guard let first = bytes.first else { return }
        let candidates: [3 of StompCommand]
        switch first {
        case UInt8(ascii: "S"): candidates = [.send, .subscribe, .stomp]
        case UInt8(ascii: "M"): candidates = [.message, .message, .message]
        case UInt8(ascii: "A"): candidates = [.ack, .abort, .abort]
        case UInt8(ascii: "C"): candidates = [.connect, .commit, .connected]
        case UInt8(ascii: "U"): candidates = [.unsubscribe, .unsubscribe, .unsubscribe]
        case UInt8(ascii: "B"): candidates = [.begin, .begin, .begin]
        case UInt8(ascii: "N"): candidates = [.nack, .nack, .nack]
        case UInt8(ascii: "D"): candidates = [.disconnect, .disconnect, .disconnect]
        case UInt8(ascii: "R"): candidates = [.receipt, .receipt, .receipt]
        case UInt8(ascii: "E"): candidates = [.error, .error, .error]
        default: return
        }
        for index in candidates.indices where bytesEqual(bytes, candidates[index].name) {
            self = candidates[index]
            return
        }
    }
}
