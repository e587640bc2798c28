package import Chat
package import Postgres

/// The chat in PostgreSQL, for one thread: it owns one connection.
package final class ChatStore {
    /// What a store must be told.
    package struct Configuration: Sendable {
        /// Which database.
        package var uri: PostgresURI
        /// Shown in pg_stat_activity.
        package var applicationName = "madang backend"
        /// Limits in time.
        package var limits = PostgresConnection.Limits()
        /// People who may do in every room what its owner may (`--operators`).
        package var operators: Set<String> = []
        /// For people's requests; nil where only rooms are served.
        package var sessionKeys: SessionKeys?

        /// A configuration with the defaults.
        package init(uri: PostgresURI) { self.uri = uri }
    }

    /// What the store was told.
    package let configuration: Configuration
    let connection: PostgresConnection
    let log: PostgresConnection.NoticeHandler
    /// `configuration.operators` in a fixed order.
    let operators: [String]
    /// Kept, so that its memory is.
    var parameters = Parameters()
    /// The database's epoch (CONTRACT, Epoch), as read by `connect()`.
    package internal(set) var databaseEpoch: Int64 = 0

    /// A store that is not connected yet. `log` hears what PostgreSQL says beside its answers.
    package init(_ configuration: Configuration, log: @escaping PostgresConnection.NoticeHandler = { _, _ in }) {
        self.configuration = configuration
        var limits = configuration.limits
        // Statements are short; compiling them (JIT) costs more than running them.
        limits.sessionOptions += " -c jit=off"
        connection = PostgresConnection(
            configuration.uri, applicationName: configuration.applicationName, limits: limits, onNotice: log)
        self.log = log
        operators = configuration.operators.sorted(by: utf8Order)
    }

    /// Whether there is a connection that was not seen to fail.
    package var isConnected: Bool { connection.isConnected }

    /// PostgreSQL's process id of the session, 0 without one.
    package var serverProcess: Int32 { connection.serverProcess }

    /// Connects, or connects anew, and checks the schema.
    ///
    /// - Throws: `database`; `schema` where `madang migrate` is needed, or the schema is newer than this program.
    package func connect() throws(StoreError) {
        try query { () throws(PostgresError) in try connection.connect() }
        do throws(StoreError) {
            try Migrator.check(connection)
            databaseEpoch = try query { () throws(PostgresError) in
                try connection.execute(Self.epochStatement).int8(0, 0)
            }
        } catch {
            connection.close()
            throw error
        }
    }

    /// Closes the connection; again is harmless.
    package func close() { connection.close() }

    /// Asks the database for a sign of life. Throws `database`.
    package func ping() throws(StoreError) {
        _ = try query { () throws(PostgresError) in try connection.execute(Self.epochStatement) }
    }

    private static let epochStatement = Statement("epoch", "SELECT epoch FROM chat.database")

    /// Runs `body` with the store's error.
    func query<Value: ~Copyable>(_ body: () throws(PostgresError) -> Value) throws(StoreError) -> Value {
        do {
            return try body()
        } catch {
            throw .database(error)
        }
    }
}
