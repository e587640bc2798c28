import Postgres
import Testing

@Suite struct PostgresErrorTests {
    /// GUARANTEES, rule 12.
    @Test(
        arguments: [
            ("08006", .tryAgain), ("40001", .tryAgain), ("40P01", .tryAgain), ("53100", .tryAgain),
            ("53300", .tryAgain),
            ("55P03", .tryAgain), ("57P01", .tryAgain), ("57014", .tryAgain), ("25006", .tryAgain),
            ("22021", .leaveRowOut), ("22P05", .leaveRowOut), ("23505", .leaveRowOut), ("54000", .leaveRowOut),
            ("42P01", .stop), ("28P01", .stop), ("3D000", .stop), ("XX000", .stop), ("55000", .stop), ("P0001", .stop),
        ] as [(String, PostgresError.Remedy)])
    func remedyOfAState(state: String, remedy: PostgresError.Remedy) {
        #expect(PostgresError(.refusedByServer, sqlState: state, message: "").remedy == remedy)
    }

    @Test func whatHasNoAnswerIsTriedAgain() {
        #expect(PostgresError(.connectionLost, message: "").isRetriable)
        #expect(PostgresError(.deadlinePassed, message: "").isRetriable)
        #expect(PostgresError(.connectFailed, message: "").isRetriable)
        #expect(!PostgresError(.connectFailed, sqlState: "3D000", message: "").isRetriable)
        #expect(!PostgresError(.badURI, message: "").isRetriable)
    }

    @Test func detailsStayOutOfTheSafeDescription() {
        let error = PostgresError(
            .refusedByServer, sqlState: "23505", message: "duplicate key", detail: "Key (x)=(secret) already exists.")
        #expect(error.description == "postgres: duplicate key (SQLSTATE 23505)")
        #expect(error.debugDescription.contains("secret"))
    }
}

@Suite struct PostgresURITests {
    @Test func bothSpellingsAreUnderstood() throws {
        let uri = try PostgresURI("postgres://alice:s3cret@db.example:6543/chat?sslmode=require")
        #expect(uri.settings["host"] == "db.example")
        #expect(uri.settings["port"] == "6543")
        #expect(uri.database == "chat")
        #expect(uri.settings["sslmode"] == "require")
        #expect(!uri.description.contains("s3cret"))
        let socket = try PostgresURI("host=/run/postgresql dbname=madang user=madang")
        #expect(socket.settings["host"] == "/run/postgresql")
        #expect(socket.with(database: "other").database == "other")
        let encoded = try PostgresURI("postgresql://madang@%2Ftmp%2Fx:5433/madang")
        #expect(encoded.settings["host"] == "/tmp/x")
    }

    @Test(arguments: ["postgres://[", "nonsense", "host=a nokey=b", "postgres://u@h:1/d?nokey=b"])
    func nonsenseIsSaidToBeSo(text: String) {
        let error = #expect(throws: PostgresError.self) { try PostgresURI(text) }
        #expect(error?.code == .badURI)
        #expect(error?.message.isEmpty == false)
    }
}
