import Backend
import Foundation
import Postgres
import TestSupport
import Testing

@Suite struct MigratorTests {
    private static func emptyDatabase() throws -> PostgresURI {
        let server = try PrivatePostgres.shared()
        let admin = try connection(PostgresURI(server.uri()))
        let name = server.newDatabaseName()
        try admin.run("CREATE DATABASE \(name)")
        return try PostgresURI(server.uri(database: name))
    }

    private static func connection(_ uri: PostgresURI) throws -> PostgresConnection {
        let connection = PostgresConnection(uri, applicationName: "tests", limits: Migrator.limits)
        try connection.connect()
        return connection
    }

    @Test func theSecondTimeNothingIsDone() throws {
        let connection = try Self.connection(Self.emptyDatabase())
        let first = #expect(throws: StoreError.self) { try Migrator.check(connection) }
        #expect(first?.description.contains("madang migrate") == true)
        #expect(try Migrator.migrate(connection).count == Migrator.newestNumber)
        try Migrator.check(connection)
        #expect(try Migrator.migrate(connection).isEmpty)
    }

    @Test func severalAtOnceDoItOnce() throws {
        let uri = try Self.emptyDatabase()
        let steps = try atOnce(4) { _ in try Migrator.migrate(try Self.connection(uri)).count }
        #expect(steps.reduce(0, +) == Migrator.newestNumber)
        #expect(steps.filter { $0 > 0 }.count == 1)
        try Migrator.check(try Self.connection(uri))
    }

    @Test func aNewerSchemaIsRefused() throws {
        let connection = try Self.connection(Self.emptyDatabase())
        _ = try Migrator.migrate(connection)
        try connection.run("INSERT INTO chat.migration VALUES (9999, 'future', now())")
        for attempt in [{ try Migrator.check(connection) }, { _ = try Migrator.migrate(connection) }] {
            let error = #expect(throws: StoreError.self) { try attempt() }
            #expect(error?.description.contains("newer") == true)
            #expect(error?.isRetriable == false)
        }
        #expect(!connection.isInTransaction)
        let store = ChatStore(ChatStore.Configuration(uri: connection.uri))
        #expect(throws: StoreError.self) { try store.connect() }
        #expect(!store.isConnected)
    }

    @Test func aStepThatFailsLeavesNothing() throws {
        let connection = try Self.connection(Self.emptyDatabase())
        // A view of that name is in the way of step 1.
        try connection.run("CREATE SCHEMA chat; CREATE VIEW chat.message AS SELECT 1 AS one")
        #expect(throws: StoreError.self) { try Migrator.migrate(connection) }
        let rows = try connection.run("SELECT to_regclass('chat.room') IS NULL")
        #expect(rows.text(0, 0) == "t")
    }
}

/// Runs `body` on `count` threads at once and gives what each returned; the first error is thrown.
func atOnce<Value: Sendable>(_ count: Int, _ body: @escaping @Sendable (Int) throws -> Value) throws -> [Value] {
    let results = Results<Value>(count)
    let threads = (0..<count).map { index in
        let thread = Thread { results.set(index, Result { try body(index) }) }
        thread.stackSize = 1 << 20
        thread.start()
        return thread
    }
    withExtendedLifetime(threads) { results.wait() }
    return try results.all().map { try $0.get() }
}

private final class Results<Value: Sendable>: @unchecked Sendable {
    // Every access to `values` is under the condition's lock.
    private let condition = NSCondition()
    private var values: [Result<Value, any Error>?]

    init(_ count: Int) { values = Array(repeating: nil, count: count) }

    func set(_ index: Int, _ value: Result<Value, any Error>) {
        condition.lock()
        values[index] = value
        condition.signal()
        condition.unlock()
    }

    func wait() {
        condition.lock()
        while values.contains(where: { $0 == nil }) { condition.wait() }
        condition.unlock()
    }

    func all() -> [Result<Value, any Error>] {
        condition.lock()
        defer { condition.unlock() }
        return values.compactMap { $0 }
    }
}
