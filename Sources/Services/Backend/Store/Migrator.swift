package import Postgres

/// Makes and upgrades the schema `chat`.
package enum Migrator {
    /// The newest schema this program knows.
    package static var newestNumber: Int { Migration.all.count }

    /// Limits in time for a connection that migrates: a step may take as long as it must.
    package static var limits: PostgresConnection.Limits {
        var limits = PostgresConnection.Limits()
        limits.statementMilliseconds = 3_600_000
        limits.lockMilliseconds = 3_600_000
        limits.idleInTransactionMilliseconds = 60_000
        return limits
    }

    /// Takes the steps that are missing, all or none; safe to run twice and at once.
    ///
    /// - Returns: `NUMBER NAME` of each step taken, empty where nothing was to do.
    /// - Throws: `schema` where the schema is newer than this program; `database`.
    package static func migrate(_ connection: PostgresConnection) throws(StoreError) -> [String] {
        do throws(StoreError) {
            try run("BEGIN", connection)
            // One at a time in this database; whoever waited finds the work done. Any number of our own.
            try run("SELECT pg_advisory_xact_lock(77611261)", connection)
            let found = try number(connection)
            guard found <= newestNumber else { throw newer(found) }
            if found == 0 { try run(foundation, connection) }
            var taken: [String] = []
            for step in Migration.all where step.number > found {
                try run(step.sql, connection)
                try run("INSERT INTO chat.migration VALUES (\(step.number), '\(step.name)', now())", connection)
                taken.append("\(step.number) \(step.name)")
            }
            try run("COMMIT", connection)
            return taken
        } catch {
            // What cannot be rolled back is closed, which does the same.
            do { try connection.run("ROLLBACK") } catch { connection.close() }
            throw error
        }
    }

    /// Passes a database whose schema is the one this program knows.
    ///
    /// - Throws: `schema` with how to mend it; `database`.
    package static func check(_ connection: PostgresConnection) throws(StoreError) {
        let found = try number(connection)
        if found > newestNumber { throw newer(found) }
        if found < newestNumber {
            throw .schema(
                found == 0
                    ? "The database has no schema: run `madang migrate`."
                    : "The database has schema \(found), this program needs \(newestNumber): run `madang migrate`.")
        }
    }

    private static let foundation = """
        CREATE SCHEMA IF NOT EXISTS chat;
        CREATE TABLE chat.migration (number integer PRIMARY KEY, name text NOT NULL, applied_at timestamptz NOT NULL);
        """

    private static func number(_ connection: PostgresConnection) throws(StoreError) -> Int {
        do {
            let table = try connection.run("SELECT to_regclass('chat.migration') IS NOT NULL")
            guard table.text(0, 0) == "t" else { return 0 }
            let rows = try connection.run("SELECT coalesce(max(number), 0) FROM chat.migration")
            return Int(rows.text(0, 0)) ?? 0
        } catch {
            throw .database(error)
        }
    }

    private static func run(_ sql: String, _ connection: PostgresConnection) throws(StoreError) {
        do {
            _ = try connection.run(sql)
        } catch {
            throw .database(error)
        }
    }

    private static func newer(_ found: Int) -> StoreError {
        .schema(
            "The database has schema \(found), newer than this program's \(newestNumber): run a newer madang, "
                + "or take another database.")
    }
}
