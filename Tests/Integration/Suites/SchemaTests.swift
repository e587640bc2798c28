import Foundation
import TestSupport
import Testing

/// `madang migrate`, and services that meet a schema they do not know.
@Suite(.serialized) struct SchemaTests {
    /// The URI of a new, empty database.
    private func database() throws -> String {
        let server = try PrivatePostgres.shared()
        let name = server.newDatabaseName()
        let psql = try ChildProcess("/usr/bin/psql", ["-Xq", "-c", "create database \(name)", server.uri()])
        #expect(try psql.end() == .exited(0), "\(psql.errorLines)")
        return "postgresql:///\(name)?host=\(server.socketDirectory)&port=\(server.port)&user=madang"
    }

    private func query(_ sql: String, _ uri: String) throws -> [String] {
        let psql = try ChildProcess("/usr/bin/psql", ["-XAtq", "-v", "ON_ERROR_STOP=1", "-c", sql, uri])
        #expect(try psql.end() == .exited(0), "\(psql.errorLines)")
        return psql.lines
    }

    private func migrate(_ uri: String) throws -> (ending: ChildProcess.Ending, lines: [String], errorLines: [String]) {
        try MadangProcess.run(["migrate", "--postgres", uri], within: 60)
    }

    @Test func twiceAndAtOnceIsAsGoodAsOnce() throws {
        let uri = try database()
        let runs = try (0..<4).map { _ in try MadangProcess.start(["migrate", "--postgres", uri]) }
        for run in runs { #expect(try run.end(within: 60) == .exited(0), "\(run.errorLines)") }
        #expect(try migrate(uri).ending == .exited(0))
        let tables = try query("select count(*) from information_schema.tables where table_schema = 'chat'", uri)
        #expect(tables.first.flatMap { Int($0) } ?? 0 >= 5)
    }

    @Test(.timeLimit(.minutes(2)))
    func aNewerSchemaIsLeftAloneAndTold() throws {
        let uri = try database()
        #expect(try migrate(uri).ending == .exited(0))
        _ = try query("insert into chat.migration values (9999, 'of the future', now())", uri)
        let again = try migrate(uri)
        #expect(again.ending == .exited(1) && again.errorLines.joined().contains("9999"), "\(again.errorLines)")
        let broker = try MadangProcess.start(["broker"])
        let bootstrap = String(try broker.line { $0.hasPrefix("bootstrap ") }.dropFirst("bootstrap ".count))
        let port = FreePorts.take(1)[0]
        let backend = try MadangProcess.start(
            [
                "backend", "--kafka", bootstrap, "--postgres", uri, "--http", "127.0.0.1:\(port)", "--roles", "chat",
            ])
        // It waits for somebody to mend it, and says so; until then it takes no work.
        try backend.errorLine(within: 40) { $0.contains("9999") }
        let ready = try HTTPCaller(port: port)("GET", "/readyz")
        #expect(ready.status == 503 && ready.body.contains("9999"), "\(ready.body)")
        #expect(try backend.stop(within: 15) == .exited(0))
        let doctor = try MadangProcess.run(["doctor", "--kafka", bootstrap, "--postgres", uri], within: 40)
        #expect(doctor.ending == .exited(1))
        #expect(doctor.lines.contains { $0.hasPrefix("bad      schema:") && $0.contains("9999") }, "\(doctor.lines)")
        #expect(doctor.lines.contains { $0.hasPrefix("ok       topics:") })
    }

    @Test func aDatabaseThatIsNotThereIsTold() throws {
        let result = try MadangProcess.run(
            [
                "migrate", "--wait-seconds", "1", "--postgres",
                "postgresql://madang@127.0.0.1:\(FreePorts.take(1)[0])/madang",
            ], within: 60)
        #expect(result.ending == .exited(1) && result.errorLines.joined().contains("127.0.0.1"))
    }
}
