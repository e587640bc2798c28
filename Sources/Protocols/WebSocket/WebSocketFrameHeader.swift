/// The header of one frame (RFC 6455 §5.2).
struct WebSocketFrameHeader {
    var isFinal: Bool
    var isCompressed: Bool
    var opcode: WebSocketOpcode
    var payloadBytes: Int
    /// First octet lowest; 0 for an unmasked frame.
    var maskingKey: UInt32
    /// Length of the header itself: 2 to 14.
    var headerBytes: Int

    /// The longest header: two octets, a 64-bit length, a masking key.
    static let bytesMax = 14
}
