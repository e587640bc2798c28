package import Chat

/// A connection of the front, of whatever transport; never used again in one run.
package struct ConnectionID: Hashable, Sendable {
    /// The shell's number for it.
    package let raw: UInt64

    /// The connection that the shell calls `raw`.
    package init(raw: UInt64) { self.raw = raw }
}

/// How the shell wraps STOMP frames for a connection.
package enum Transport: Sendable, Hashable {
    /// Each frame an unmasked WebSocket text message (RFC 6455 §5.6); FrontCore wraps, so that the bytes can be shared.
    case webSocket
    /// Frames behind one another (plain TCP).
    case raw
    /// Frames as they are; the shell wraps them for this connection alone (SockJS, permessage-deflate).
    case wrapped
}

/// Why a connection is closed, as the close codes of CONTRACT section 3.
package enum CloseReason: Sendable, Equatable {
    /// 1000: DISCONNECT was answered.
    case done
    /// 1002: an ERROR was sent.
    case protocolError
    /// 1008: log-in refused, or too many connections.
    case policy
    /// 1009: a frame or message over its limit.
    case tooLarge
    /// 4401: the session ended.
    case sessionEnded
    /// 4408: does not read fast enough; may come back with `since`.
    case tooSlow
    /// 1012: the front restarts.
    case restarting
}

/// What the shell carries out, in this order.
package enum FrontAction: Sendable {
    /// Append a record to a topic. A failure comes back through `FrontNode.produceFailed(counter:)`.
    case produce(topic: Topic, key: [UInt8], headers: RecordHeaders, value: [UInt8])
    /// Bytes for one connection, encoded for its transport.
    case send(ConnectionID, [UInt8])
    /// The same bytes for each of these connections, encoded for their transport.
    case fanOut([UInt8], [ConnectionID])
    /// Close when everything before was written.
    case close(ConnectionID, CloseReason)
    /// Stop (false) or go on (true) reading from a connection.
    case read(ConnectionID, Bool)
    /// Call `FrontNode.drained(_:)` once the output queue of the connection is below a quarter of its limit.
    case awaitDrain(ConnectionID)
    /// The answer to an HTTP request.
    case respond(HTTPRequestID, APIResponse)
    /// Compute PBKDF2-HMAC-SHA-256 off this thread and call `FrontNode.derived(job:key:)` with its 32 octets.
    case derive(job: UInt64, password: [UInt8], salt: [UInt8], iterations: Int)
}
