import Backend
import Flags
import Linux
import Postgres

/// `madang migrate`
enum MigrateCommand {
    private static let wait = Flag(
        "wait-seconds", .number(0...3600, unit: "seconds"), default: "60", help: "How long PostgreSQL is waited for.")

    static let declaration = Command(
        "migrate", summary: "Creates or upgrades the database's schema; safe to run twice and at once.",
        flags: [SharedFlags.postgres.declaration, wait.declaration]
    ) { values throws(Misuse) in
        let uri = try BackendCommand.postgres(values[SharedFlags.postgres])
        let end = SystemClock.monotonicNanoseconds() + UInt64(values[wait]) * 1_000_000_000
        let connection = PostgresConnection(
            uri, applicationName: "madang migrate", limits: Migrator.limits, onNotice: { _, _ in })
        var told = false
        while true {
            do throws(PostgresError) {
                try connection.connect()
                break
            } catch {
                guard error.isRetriable, SystemClock.monotonicNanoseconds() < end else {
                    Output.note("madang migrate: \(error)")
                    return 1
                }
                if !told { Output.note("waits for PostgreSQL: \(error)") }
                told = true
                SystemClock.sleep(milliseconds: 300)
            }
        }
        do throws(StoreError) {
            let steps = try Migrator.migrate(connection)
            for step in steps { Output.line("applied \(step)") }
            if steps.isEmpty { Output.line("the schema is up to date (\(Migrator.newestNumber))") }
            return 0
        } catch {
            Output.note("madang migrate: \(error)")
            return 1
        }
    }
}
