package import Chat

/// What a front is told when it starts; the limits of GUARANTEES "Front limits" with their defaults.
package struct FrontSettings: Sendable {
    /// The name of this front in reply-to; unique in the cluster.
    package var frontID: String
    /// This run of the front, the first half of every correlation id.
    package var boot: MessageID
    /// The partition of RESPONSE topics where answers that are no facts come back.
    package var replyPartition: Int32
    /// Keys derived from the session key.
    package var keys: SessionKeys
    /// How long a command may be stored after it was accepted, in milliseconds (`--command-seconds`).
    package var commandMilliseconds: Int64 = 30_000
    /// How long an HTTP request waits for its confirmation, in milliseconds (`--confirm-seconds`).
    package var confirmMilliseconds: Int64 = 5_000
    /// How long a question waits for its answer, in milliseconds.
    package var questionMilliseconds: Int64 = 5_000
    /// How long a session lasts, in milliseconds: 30 days.
    package var sessionMilliseconds: Int64 = 30 * 24 * 3_600_000
    /// How often a backend hears that a session is used, in milliseconds.
    package var sessionRefreshMilliseconds: Int64 = 10 * 60_000
    /// Log-in attempts a minute and person on this front (`--rate-login`); 0 is off.
    package var loginsPerMinute = 10
    /// Rounds of PBKDF2 in a new verifier.
    package var passwordIterations = 15_000
    /// Passwords that wait for their PBKDF2; beyond it people who log in or sign up hear `overloaded`.
    package var derivationsMax = 256
    /// Octets of events in one answer to `GET /chat/{roomId}`; a longer page ends early.
    package var historyBytesMax = 64 * 1024 * 1024
    /// Connections of one person.
    package var connectionsPerUserMax = 32
    /// Subscriptions of one connection.
    package var subscriptionsPerConnectionMax = 1000
    /// Requests of one connection that wait for an answer; more are read when some are answered.
    package var pendingPerConnectionMax = 1024
    /// Messages of one subscription that wait for an ACK, and of all subscriptions of a connection.
    package var unacknowledgedMax = 1000
    package var unacknowledgedPerConnectionMax = 4000
    /// How long a connection may take until CONNECT comes, in milliseconds.
    package var connectMilliseconds: Int64 = 5_000
    /// Octets of frames kept that came behind CONNECT while the log-in is under way.
    package var heldFrameBytesMax = 512 * 1024
    /// After how long a WebSocket without heart-beats is pinged, in milliseconds; 2.5 times that in silence ends it.
    package var pingMilliseconds: Int64 = 25_000
    /// SENDs and octets of one transaction.
    package var transactionFramesMax = 100
    package var transactionBytesMax = 256 * 1024
    /// Transactions of one connection at a time.
    package var transactionsMax = 16
    /// Octets of events kept for one room, and for all rooms, for those who come back.
    package var cacheBytesPerRoomMax = 256 * 1024
    package var cacheBytesMax = 64 * 1024 * 1024
    /// How long a room without subscribers keeps its newest events for those who come back, in milliseconds.
    package var idleRoomMilliseconds: Int64 = 60_000
    /// Facts of one room held while something before them is awaited.
    package var heldEventsMax = 4096
    /// Requests of all connections that wait for an answer.
    package var pendingMax = 100_000
    /// `--public-url`, without a slash at its end; nil: from the Host header.
    package var publicURL: String?
    /// Whether cookies are marked Secure.
    package var isSecure = false

    /// Settings with the defaults.
    package init(frontID: String, boot: MessageID, replyPartition: Int32, keys: SessionKeys) {
        self.frontID = frontID
        self.boot = boot
        self.replyPartition = replyPartition
        self.keys = keys
    }
}
