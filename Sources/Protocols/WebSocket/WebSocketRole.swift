/// Which end of the connection the codec speaks for.
package enum WebSocketRole: Sendable {
    /// Demands masked frames, sends unmasked ones (RFC 6455 §5.1).
    case server
    /// Demands unmasked frames, sends masked ones (RFC 6455 §5.1).
    case client
}
