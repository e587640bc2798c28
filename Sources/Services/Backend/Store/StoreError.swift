package import Chat
package import Postgres

/// Why the store did nothing.
package enum StoreError: Error, Sendable, Equatable {
    /// Another backend owns the partition: drop what was read of it. Nothing of the call was stored.
    case leaseLost(Topic, partition: Int32)
    /// The schema is not the one this program knows; says how to mend it.
    case schema(String)
    /// PostgreSQL failed; `remedy` tells whether to call again (after `connect()` where `isConnected` is false) or to
    /// stop. What a call was doing may have been committed: calling again with the same records finds that out.
    case database(PostgresError)
}

extension StoreError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .leaseLost(let topic, let partition): "another backend owns \(topic.rawValue)/\(partition)"
        case .schema(let text): text
        case .database(let error): error.description
        }
    }

    /// Whether the same call may be made again.
    package var isRetriable: Bool {
        if case .database(let error) = self { return error.isRetriable }
        return false
    }
}
