import Chat
import Flags
import Front
import Linux
import Logging

/// `madang front`
enum FrontCommand {
    private static let http = Flag(
        "http", .address, default: "127.0.0.1:8081", help: "Where HTTP and WebSocket listen.")
    private static let stomp = Flag(
        "stomp", .address, default: "127.0.0.1:61613", help: "Where plain STOMP over TCP listens.")
    private static let publicURL = Flag(
        "public-url", .url(["http", "https"]), without: "the Host header of each request",
        help: "The base of the URLs that clients are told.")
    private static let origins = Flag(
        "origins", .list("origins such as https://chat.example.org, joined by commas"),
        without: "its own, and any port of localhost while bound to loopback",
        help: "Origins whose pages may use this front with a person's cookie.")
    private static let sockJSURL = Flag(
        "sockjs-url", .url(["http", "https"]),
        default: "https://cdn.jsdelivr.net/npm/sockjs-client@1/dist/sockjs.min.js",
        help: "The script that SockJS's iframe page loads.")
    private static let confirm = Flag(
        "confirm-seconds", .number(1...3600, unit: "seconds"), default: "5",
        help: "How long an HTTP request waits until it is stored, before 504.")
    private static let command = Flag(
        "command-seconds", .number(1...3600, unit: "seconds"), default: "30",
        help: "How long after it was accepted a command may still be stored.")
    private static let rateLogin = Flag(
        "rate-login", .number(0...1_000_000), default: "10", help: "Log-in attempts a minute and person; 0 is off.")
    private static let connections = Flag(
        "connections-max", .number(1...10_000_000), default: "100000", help: "Connections at a time.")
    private static let perUser = Flag(
        "connections-per-user-max", .number(1...1_000_000), default: "32", help: "Connections of one person at a time.")
    private static let subscriptions = Flag(
        "subscriptions-max", .number(1...1_000_000), default: "1000", help: "Subscriptions of one connection.")
    private static let pending = Flag(
        "pending-max", .number(1...1_000_000), default: "1024",
        help: "Unanswered frames of one connection; more are not read until some are answered.")
    private static let output = Flag(
        "output-bytes-max", .number(1024...1_073_741_824, unit: "octets"), default: "524288",
        help: "Octets that may wait for a client that does not read, before it is closed with 4408.")
    private static let stalled = Flag(
        "stalled-seconds", .number(1...3600, unit: "seconds"), default: "10",
        help: "How long a client may not read anything, before it is closed with 4408.")
    private static let frame = Flag(
        "frame-bytes-max", .number(1024...16_777_216, unit: "octets"), default: "262144",
        help: "Octets of a STOMP frame and of a WebSocket message.")
    private static let head = Flag(
        "head-bytes-max", .number(1024...1_048_576, unit: "octets"), default: "8192",
        help: "Octets of the head of an HTTP request.")
    private static let headSeconds = Flag(
        "head-seconds", .number(1...3600, unit: "seconds"), default: "5",
        help: "How long the head of an HTTP request may take.")
    private static let deflate = Flag(
        "deflate", .switch, default: "false",
        help:
            "Compresses WebSocket messages for clients that offer permessage-deflate; costs CPU time for each receiver."
    )
    private static let certificate = Flag(
        "tls-cert", .file, without: "HTTP without TLS",
        help: "The certificate chain for HTTPS, in PEM; goes with --tls-key.")
    private static let key = Flag(
        "tls-key", .file, without: "HTTP without TLS", help: "The private key for HTTPS, in PEM; goes with --tls-cert.")
    private static let name = Flag(
        "front-id", .text("NAME", such: "front-1"), without: "made of host, process and a random number",
        help: "The front's name in reply-to; unique in the cluster.")

    /// The flags that `madang up` hands on to its fronts.
    static let handedOn: [FlagDeclaration] = [
        publicURL.declaration, origins.declaration, sockJSURL.declaration, confirm.declaration, command.declaration,
        rateLogin.declaration, connections.declaration, perUser.declaration, subscriptions.declaration,
        pending.declaration, output.declaration, stalled.declaration, frame.declaration, head.declaration,
        headSeconds.declaration, deflate.declaration, certificate.declaration, key.declaration,
    ]

    static let declaration = Command(
        "front", summary: "Runs one front service: sessions, WebSockets and HTTP for clients.",
        flags: [
            SharedFlags.kafka.declaration, SharedFlags.sessionKey.declaration, SharedFlags.topics.declaration,
            http.declaration, stomp.declaration, name.declaration,
        ] + handedOn
    ) { values throws(Misuse) in
        guard (values[certificate] == nil) == (values[key] == nil) else {
            throw Misuse("madang front: --tls-cert FILE and --tls-key FILE go together")
        }
        let keys = try SessionKeyFile.neededKeys(values[SharedFlags.sessionKey])
        let logger = Logger(service: "front")
        do throws(SystemError) {
            let stop = try StopSignal()
            return Front.run(
                configuration(values, keys), logger: logger, print: { line in Output.line(line) },
                waitForStop: { stop.wait(milliseconds: $0) })
        } catch {
            logger.error("\(error)")
            return 1
        }
    }

    /// Whether the fronts are `https://`.
    static func usesTLS(_ values: Values) -> Bool { values[certificate] != nil }

    private static func configuration(_ values: Values, _ keys: SessionKeys) -> FrontConfiguration {
        var configuration = FrontConfiguration(kafka: values[SharedFlags.kafka], keys: keys)
        configuration.http = "\(values[http])"
        configuration.stomp = "\(values[stomp])"
        configuration.topicsFile = values[SharedFlags.topics]
        configuration.publicURL = values[publicURL]
        configuration.origins = values[origins] ?? []
        configuration.sockJSURL = values[sockJSURL]
        configuration.frontID = values[name]
        configuration.commandSeconds = values[command]
        configuration.confirmSeconds = values[confirm]
        configuration.loginsPerMinute = values[rateLogin]
        configuration.connectionsMax = values[connections]
        configuration.connectionsPerUserMax = values[perUser]
        configuration.subscriptionsPerConnectionMax = values[subscriptions]
        configuration.pendingPerConnectionMax = values[pending]
        configuration.outputBytesMax = values[output]
        configuration.stalledSeconds = values[stalled]
        configuration.frameBytesMax = values[frame]
        configuration.headBytesMax = values[head]
        configuration.headSeconds = values[headSeconds]
        configuration.deflates = values[deflate]
        configuration.tlsCertificateFile = values[certificate]
        configuration.tlsKeyFile = values[key]
        return configuration
    }
}
