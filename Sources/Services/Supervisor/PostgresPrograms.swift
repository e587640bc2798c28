import Linux

/// Where PostgreSQL's own programs are.
struct PostgresPrograms: Equatable, Sendable {
    let folder: String

    var initdb: String { folder + "/initdb" }
    var server: String { folder + "/postgres" }

    /// Finds them: of the wanted major version where there is a cluster already, else the one that Madang is made for,
    /// else a newer one. Debian keeps them apart by version, others beside everything else.
    static func find(version: Int?) -> PostgresPrograms? {
        let versions = version.map { [$0] } ?? [15, 16, 17, 18]
        let debian = versions.map { "/usr/lib/postgresql/\($0)/bin" }
        let redHat = versions.map { "/usr/pgsql-\($0)/bin" }
        let path = (Environment.value("PATH") ?? "").split(separator: ":").map(String.init)
        return (debian + redHat + path + ["/usr/local/pgsql/bin"])
            .map { PostgresPrograms(folder: $0) }
            .first { File.isExecutable($0.initdb) && File.isExecutable($0.server) }
    }
}
