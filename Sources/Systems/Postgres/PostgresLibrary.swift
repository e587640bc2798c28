import CPostgres

/// The library below this room.
package enum PostgresLibrary {
    /// The version of the libpq that is loaded, `15.8`.
    package static var version: String {
        let number = PQlibVersion()
        return "\(number / 10_000).\(number % 10_000)"
    }
}
