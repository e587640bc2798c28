package import BackendCore
package import Chat
package import Postgres

/// The chat in PostgreSQL, for one thread: it owns one connection.
package final class ChatStore {
    /// What a store must be told.
    package struct Configuration: Sendable {
        package var uri: PostgresURI
        /// Shown in pg_stat_activity.
        package var applicationName = "madang backend"
        package var limits = PostgresConnection.Limits()
        /// People who may do in every room what its owner may (`--operators`).
        package var operators: Set<String> = []
        /// For people's requests; nil where only rooms are served.
        package var sessionKeys: SessionKeys?

        package init(uri: PostgresURI) { self.uri = uri }
    }

    package let configuration: Configuration
    let connection: PostgresConnection
    /// The database's epoch (CONTRACT, Epoch), as read by `connect()`.
    package internal(set) var databaseEpoch: Int64 = 0

    /// A store that is not connected yet. `log` hears what PostgreSQL says beside its answers.
    package init(_ configuration: Configuration, log: @escaping PostgresConnection.NoticeHandler = { _, _ in }) {
        self.configuration = configuration
        connection = PostgresConnection(
            configuration.uri, applicationName: configuration.applicationName, limits: configuration.limits,
            onNotice: log)
    }

    /// Whether there is a connection that was not seen to fail.
    package var isConnected: Bool { connection.isConnected }

    /// Connects, or connects anew, and checks the schema.
    ///
    /// - Throws: `database`; `schema` where `madang migrate` is needed, or the schema is newer than this program.
    package func connect() throws(StoreError) {
        throw .schema("not built yet")
    }

    /// Closes the connection; again is harmless.
    package func close() { connection.close() }

    /// Asks the database for a sign of life. Throws `database`.
    package func ping() throws(StoreError) {
        throw .schema("not built yet")
    }

    /// Becomes the owner of a partition; from then on earlier owners are refused.
    ///
    /// - Parameter startOffset: where a log that was never seen begins (its low watermark).
    /// - Returns: where it stands: consume from `answeredOffset`.
    /// - Throws: `database`.
    package func takeLane(
        incarnation: String, topic: Topic, partition: Int32, startOffset: Int64 = 0
    ) throws(StoreError) -> Lane {
        throw .schema("not built yet")
    }

    /// Notes how far answers are acknowledged when a partition is given up; a lane that was lost is left alone.
    ///
    /// - Throws: `database`.
    package func releaseLane(_ lane: Lane, answeredOffset: Int64) throws(StoreError) {
        throw .schema("not built yet")
    }

    /// Applies commands of `chatMessage.REQUEST`, of one or several partitions, in one transaction.
    ///
    /// Poison is found by halving and comes back as refused, with a `deadLetterReason`. Records below the lane's
    /// `nextOffset` are answered again from what is stored.
    /// - Returns: for each batch what came of each record; after it the lane's `nextOffset` is the last offset + 1.
    /// - Throws: `leaseLost` of the first such lane; `database`.
    package func apply(_ batches: [LaneBatch], nowMilliseconds: Int64) throws(StoreError) -> [[Applied]] {
        throw .schema("not built yet")
    }

    /// Applies requests of `user.REQUEST`. Throws as `apply`.
    package func applyUsers(_ batch: LaneBatch, nowMilliseconds: Int64) throws(StoreError) -> [Applied] {
        throw .schema("not built yet")
    }

    /// Answers a question of `chatRoom.REQUEST`; nothing comes of one whose `not-after` has passed.
    ///
    /// - Throws: `database` only where it may be asked again; what PostgreSQL refuses is answered with `internal`.
    package func answer(_ question: IncomingRecord, nowMilliseconds: Int64) throws(StoreError) -> Applied {
        throw .schema("not built yet")
    }
}
