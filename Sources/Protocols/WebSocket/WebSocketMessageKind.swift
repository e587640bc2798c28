/// What a data message holds (RFC 6455 §5.6).
package enum WebSocketMessageKind: Sendable {
    /// Valid UTF-8.
    case text
    /// Any bytes.
    case binary
}
