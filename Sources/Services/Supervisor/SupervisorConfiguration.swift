extension Supervisor {
    /// What `madang up` is told. Addresses are `HOST:PORT`; front n and backend n take the port + n − 1, and port 0
    /// takes free ones.
    package struct Configuration: Sendable {
        /// Where everything is kept.
        package var dataFolder = ".madang"
        /// HTTP of the first front.
        package var http = "127.0.0.1:8081"
        /// Plain STOMP of the first front.
        package var stomp = "127.0.0.1:61613"
        /// HTTP of the first backend.
        package var backendHTTP = "127.0.0.1:9083"
        /// How many fronts.
        package var fronts = 1
        /// How many backends.
        package var backends = 1
        /// A Kafka elsewhere; nil: the embedded one.
        package var kafka: String?
        /// A PostgreSQL elsewhere; nil: a private one.
        package var postgres: String?
        /// The file of `--session-key`; nil: one is made in the data folder.
        package var sessionKey: String?
        /// The file of `--topics`; nil: as the children find it.
        package var topics: String?
        /// Further flags of every front, none of them secret: everybody on the machine can read a command line.
        package var frontFlags: [String] = []
        /// Further flags of every backend, none of them secret.
        package var backendFlags: [String] = []
        /// Variables of every front, `MADANG_…=…`; secrets go here.
        package var frontEnvironment: [String] = []
        /// Variables of every backend, `MADANG_…=…`.
        package var backendEnvironment: [String] = []
        /// Whether alice, bob, carol and room 1 are made.
        package var demo = false
        /// Whether the fronts speak TLS, and are `https://`.
        package var usesTLS = false
        /// The program of the children; nil: this one.
        package var executable: String?

        /// The defaults.
        package init() {}
    }
}
