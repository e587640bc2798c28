/// What the parser found. Pointers stay valid until the next call of the parser, or until the buffer they came from
/// is written to.
package enum WebSocketEvent {
    /// All bytes are taken; the parser kept what it needs, the caller keeps nothing.
    case needMore
    /// A whole message: text is valid UTF-8. Unfragmented ones point into the caller's buffer.
    case message(WebSocketMessageKind, UnsafeRawBufferPointer)
    /// Answer with a pong that holds the same bytes (RFC 6455 §5.5.3).
    case ping(UnsafeRawBufferPointer)
    /// An answer to a ping, or a heart-beat of its own.
    case pong(UnsafeRawBufferPointer)
    /// The peer closes; answer with a Close frame unless one was sent (RFC 6455 §5.5.1). Code nil: none was given. The
    /// reason is valid UTF-8. Whatever follows is not looked at.
    case close(code: UInt16?, reason: UnsafeRawBufferPointer)
    /// The peer broke the protocol: send a Close frame with this code and end. Whatever follows is not looked at.
    case violation(WebSocketViolation)
}
