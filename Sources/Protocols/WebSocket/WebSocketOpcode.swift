/// The opcodes of RFC 6455 §5.2; all others are reserved.
package enum WebSocketOpcode: UInt8, Sendable {
    /// A further fragment of a message.
    case continuation = 0x0
    /// A text message, or its first fragment.
    case text = 0x1
    /// A binary message, or its first fragment.
    case binary = 0x2
    /// The closing handshake.
    case close = 0x8
    /// Asks for a pong.
    case ping = 0x9
    /// Answers a ping, or a heart-beat of one side.
    case pong = 0xA

    /// True for close, ping and pong: at most 125 bytes, never fragmented (RFC 6455 §5.5).
    package var isControl: Bool { rawValue & 0x8 != 0 }
}
