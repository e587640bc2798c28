package import Chat

/// What `madang front` is told; flags of the same names.
package struct FrontConfiguration: Sendable {
    /// Kafka's bootstrap servers, `HOST:PORT` with commas.
    package var kafka: String
    /// Where HTTP, WebSocket and SockJS listen, `HOST:PORT`.
    package var http = "127.0.0.1:8081"
    /// Where plain STOMP listens, `HOST:PORT`; nil: nowhere.
    package var stomp: String? = "127.0.0.1:61613"
    /// The keys of sessions and credentials, shared by all fronts and backends.
    package var keys: SessionKeys
    /// topics.yaml; nil: ./topics.yaml, else the copy in the executable.
    package var topicsFile: String?
    /// The base of URLs told to clients; nil: from the Host header.
    package var publicURL: String?
    /// Origins of other sites whose pages may use this front; empty: its own, and localhost while bound to loopback.
    package var origins: [String] = []
    /// Where the iframe page of SockJS finds its script.
    package var sockJSURL = "https://cdn.jsdelivr.net/npm/sockjs-client@1/dist/sockjs.min.js"
    /// The front's name in reply-to; nil: host and process.
    package var frontID: String?
    /// Reactor threads.
    package var reactors = 1
    /// How long a command may be stored after it was accepted, in seconds.
    package var commandSeconds = 30
    /// How long an HTTP request waits for its confirmation, in seconds.
    package var confirmSeconds = 5
    /// Log-in attempts a minute and person; 0 is off.
    package var loginsPerMinute = 10
    /// Connections in all.
    package var connectionsMax = 100_000
    /// Connections of one person.
    package var connectionsPerUserMax = 32
    /// Subscriptions of one connection.
    package var subscriptionsPerConnectionMax = 1000
    /// Unanswered requests of one connection.
    package var pendingPerConnectionMax = 1024
    /// Octets that may wait for a connection that does not read.
    package var outputBytesMax = 512 * 1024
    /// Seconds after which a connection that does not read is closed.
    package var stalledSeconds = 10
    /// Octets of a WebSocket message and of a STOMP frame.
    package var frameBytesMax = 256 * 1024
    /// Octets of the head of an HTTP request.
    package var headBytesMax = 8192
    /// Seconds for the head of an HTTP request to arrive.
    package var headSeconds = 5
    /// Seconds that an idle HTTP connection is kept.
    package var idleSeconds = 75

    /// PEM files of the certificate chain and the private key, for HTTPS; both or neither.
    package var tlsCertificateFile: String?
    package var tlsKeyFile: String?
    /// Whether WebSocket messages are compressed for clients that offer it (RFC 7692).
    package var deflates = false

    /// The defaults, for a Kafka and the keys of sessions.
    package init(kafka: String, keys: SessionKeys) {
        self.kafka = kafka
        self.keys = keys
    }
}
