import Glibc
import Postgres
import TestSupport
import Testing

@Suite struct PostgresConnectionTests {
    /// A connection to a database of its own.
    static func connection(limits: PostgresConnection.Limits = .init()) throws -> PostgresConnection {
        let server = try PrivatePostgres.shared()
        let admin = PostgresConnection(try PostgresURI(server.uri()), applicationName: "tests")
        try admin.connect()
        let name = server.newDatabaseName()
        try admin.run("CREATE DATABASE \(name)", answerMilliseconds: 60_000)
        let connection = PostgresConnection(
            try PostgresURI(server.uri(database: name)), applicationName: "tests", limits: limits)
        try connection.connect()
        return connection
    }

    @Test func everyScalarComesBack() throws {
        let connection = try Self.connection()
        var parameters = Parameters()
        parameters.append(int2: -2)
        parameters.append(int4: .min)
        parameters.append(int8: .max)
        parameters.append(bool: true)
        parameters.append(text: "안녕 \u{1F600}")
        parameters.append(bytes: [0, 1, 255])
        parameters.append(uuid: 0x0123_4567_89AB_CDEF_0123_4567_89AB_CDEF)
        parameters.append(timestamp: 1_763_698_200_123)
        parameters.append(text: "")
        parameters.appendNull()
        parameters.append(timestamp: -1)
        let sql =
            "SELECT $1::int2, $2::int4, $3::int8, $4::bool, $5::text, $6::bytea, $7::uuid, $8::timestamptz, $9::text, "
            + "$10::text, $11::timestamptz, $7::uuid::text, $8::timestamptz::text"
        try connection.run("SET timezone = 'UTC'")
        let rows = try connection.execute(Statement("scalars", sql), parameters)
        #expect(rows.count == 1)
        #expect(rows.int2(0, 0) == -2)
        #expect(rows.int4(0, 1) == .min)
        #expect(rows.int8(0, 2) == .max)
        #expect(rows.bool(0, 3) == true)
        #expect(rows.text(0, 4) == "안녕 \u{1F600}")
        #expect(rows.bytes(0, 5) == [0, 1, 255])
        #expect(rows.uuid(0, 6) == 0x0123_4567_89AB_CDEF_0123_4567_89AB_CDEF)
        #expect(rows.timestamp(0, 7) == 1_763_698_200_123)
        #expect(rows.optionalText(0, 8) == "")
        #expect(rows.optionalText(0, 9) == nil)
        #expect(rows.timestamp(0, 10) == -1)
        #expect(rows.text(0, 11) == "01234567-89ab-cdef-0123-456789abcdef")
        #expect(rows.text(0, 12) == "2025-11-21 04:10:00.123+00")
    }

    @Test func everyArrayComesBack() throws {
        let connection = try Self.connection()
        var parameters = Parameters()
        parameters.append(int8s: [1, -1, .max])
        parameters.append(texts: ["", "b", "다"])
        parameters.append(uuids: [1, .max])
        parameters.append(int8s: [])
        parameters.append(arrayOf: .text) {
            $0.appendNull()
            $0.append(text: "x")
        }
        parameters.append(arrayOf: .timestamptz) { $0.append(timestamp: 0) }
        parameters.append(arrayOf: .bool) {
            $0.append(bool: true)
            $0.append(bool: false)
        }
        parameters.append(arrayOf: .bytea) { $0.append(bytes: [1, 0]) }
        let sql =
            "SELECT $1::int8[], $2::text[], $3::uuid[], $4::int8[], $5::text[], ($6::timestamptz[])[1], "
            + "($7::bool[])[2], ($8::bytea[])[1], cardinality($4::int8[]), ($5::text[])[1] IS NULL"
        let rows = try connection.execute(Statement("arrays", sql), parameters)
        #expect(rows.int8s(0, 0) == [1, -1, .max])
        #expect(rows.texts(0, 1) == ["", "b", "다"])
        #expect(rows.uuids(0, 2) == [1, .max])
        #expect(rows.int8s(0, 3).isEmpty)
        #expect(rows.texts(0, 4) == ["x"])
        #expect(rows.timestamp(0, 5) == 0)
        #expect(rows.bool(0, 6) == false)
        #expect(rows.bytes(0, 7) == [1, 0])
        #expect(rows.int4(0, 8) == 0)
        #expect(rows.bool(0, 9) == true)
    }

    @Test func aMegabyteGoesBothWays() throws {
        let connection = try Self.connection()
        var parameters = Parameters()
        let bytes = [UInt8](repeating: 0xA5, count: 8 << 20)
        parameters.append(bytes: bytes)
        let rows = try connection.execute(Statement("echo", "SELECT $1::bytea"), parameters)
        #expect(rows.bytes(0, 0) == bytes)
    }

    @Test func aRefusedStatementLeavesTheConnection() throws {
        let connection = try Self.connection()
        let divide = Statement("divide", "SELECT 1 / $1::int8")
        var zero = Parameters()
        zero.append(int8: 0)
        let error = #expect(throws: PostgresError.self) { _ = try connection.execute(divide, zero) }
        #expect(error?.sqlState == "22012")
        #expect(error?.remedy == .leaveRowOut)
        #expect(error?.code == .refusedByServer)
        var one = Parameters()
        one.append(int8: 1)
        let rows1 = try connection.execute(divide, one)
        #expect(rows1.int8(0, 0) == 1)
    }

    @Test func aServerThatDoesNotAnswerIsGivenUp() throws {
        let connection = try Self.connection()
        let error = #expect(throws: PostgresError.self) {
            _ = try connection.run("SELECT pg_sleep(4)", answerMilliseconds: 100)
        }
        #expect(error?.code == .deadlinePassed)
        #expect(error?.isRetriable == true)
        #expect(!connection.isConnected)
        let again = #expect(throws: PostgresError.self) { _ = try connection.run("SELECT 1") }
        #expect(again?.code == .notConnected)
        try connection.connect()
        let rows2 = try connection.run("SELECT 1")
        #expect(rows2.text(0, 0) == "1")
    }

    @Test func aTerminatedSessionIsRetriableAndPreparesAnew() throws {
        let connection = try Self.connection()
        let statement = Statement("process", "SELECT pg_backend_pid()")
        let process = try connection.execute(statement).int4(0, 0)
        #expect(process == connection.serverProcess)
        let error = #expect(throws: PostgresError.self) {
            _ = try connection.run("SELECT pg_terminate_backend(\(process))")
        }
        #expect(error?.isRetriable == true)
        #expect(!connection.isConnected)
        try connection.connect()
        let rows3 = try connection.execute(statement)
        #expect(rows3.int4(0, 0) == connection.serverProcess)
    }

    @Test func timeoutsOfTheSessionAreSet() throws {
        var limits = PostgresConnection.Limits()
        limits.statementMilliseconds = 150
        let connection = try Self.connection(limits: limits)
        let error = #expect(throws: PostgresError.self) { _ = try connection.run("SELECT pg_sleep(10)") }
        #expect(error?.sqlState == "57014")
        #expect(error?.isRetriable == true)
        #expect(connection.isConnected)
        let rows4 = try connection.run("SHOW lock_timeout")
        #expect(rows4.text(0, 0) == "3s")
    }

    @Test func noticesReachTheLog() throws {
        let server = try PrivatePostgres.shared()
        var heard: [String] = []
        let connection = PostgresConnection(try PostgresURI(server.uri()), applicationName: "tests") {
            heard.append("\($0): \($1)")
        }
        try connection.connect()
        try connection.run("DO $$ BEGIN RAISE WARNING 'mind the gap'; END $$")
        #expect(heard == ["WARNING: mind the gap"])
    }

    @Test func connectingFailsWithinItsDeadline() throws {
        let nobody = PostgresConnection(
            try PostgresURI("host=/tmp/madang-nobody-here port=1 dbname=x user=x"), applicationName: "tests")
        let away = #expect(throws: PostgresError.self) { try nobody.connect() }
        #expect(away?.code == .connectFailed)
        #expect(away?.isRetriable == true)
        let server = try PrivatePostgres.shared()
        let wrong = PostgresConnection(
            try PostgresURI(server.uri(database: "no_such")), applicationName: "tests")
        #expect(throws: PostgresError.self) { try wrong.connect() }
        let error = #expect(throws: PostgresError.self) { try wrong.connect() }
        #expect(error?.remedy == .stop)
    }

    @Test func aListenerThatSaysNothingIsGivenUp() throws {
        let (socket, port) = try Self.silentListener()
        defer { close(socket) }
        var limits = PostgresConnection.Limits()
        limits.connectMilliseconds = 200
        let connection = PostgresConnection(
            try PostgresURI("postgres://x@127.0.0.1:\(port)/x"), applicationName: "tests", limits: limits)
        let error = #expect(throws: PostgresError.self) { _ = try connection.connect() }
        #expect(error?.code == .deadlinePassed)
        #expect(error?.isRetriable == true)
    }

    private static func silentListener() throws -> (Int32, UInt16) {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = bind(listener, $0, length)
                _ = getsockname(listener, $0, &length)
            }
        }
        try #require(listen(listener, 1) == 0)
        return (listener, UInt16(bigEndian: address.sin_port))
    }
}
