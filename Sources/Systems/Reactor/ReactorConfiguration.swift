/// The limits of a reactor.
package struct ReactorConfiguration: Sendable {
    /// Connections at once; more are accepted and closed.
    package var connectionsMax = 100_000
    /// Bytes that may wait for one connection that does not drain.
    package var outputBytesMax = 512 * 1024
    /// How long nothing may go out of a connection that has output.
    package var stalledMilliseconds = 10_000
    /// Bytes that may be kept of a frame that is not complete; protocols have their own, smaller limits.
    package var inputBytesMax = 1024 * 1024
    /// What one read takes at most; there is one such buffer for all connections.
    package var readBytes = 128 * 1024
    /// How long a closing connection may take to send its last bytes, and then for the other side to end.
    package var lingerMilliseconds = 5000
    /// The grain of timers.
    package var tickMilliseconds = 100
    /// Descriptors dealt with in one turn.
    package var eventsPerTurn = 1024
    /// New connections taken in one turn and listener.
    package var acceptsPerTurn = 256
    /// The kernel's send buffer of each connection in bytes; 0 leaves it to the kernel, which lets it grow.
    package var socketSendBytes = 0

    /// The defaults.
    package init() {}
}
