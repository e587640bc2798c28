import Backend
import BackendCore
import Chat
import Foundation
import Postgres
import TestSupport
import Testing

/// How fast batches are stored, with fsync: `MADANG_MEASURE=1 swift test -c release --filter BatchSpeedTests` prints
/// rows a second and CPU time a row, of this process and of PostgreSQL's session.
@Suite(.serialized) struct BatchSpeedTests {
    @Test(
        .enabled(if: ProcessInfo.processInfo.environment["MADANG_MEASURE"] != nil),
        arguments: [(100, 500), (1, 500), (100, 50), (100, 1000)])
    func plainMessages(rooms: Int, batchRows: Int) throws {
        let server = try PrivatePostgres(settings: ["shared_buffers=256MB", "max_wal_size=4GB"])
        defer { server.stop() }
        let uri = try PostgresURI(server.uri())
        let admin = PostgresConnection(uri, applicationName: "tests", limits: Migrator.limits)
        try admin.connect()
        _ = try Migrator.migrate(admin)
        try admin.run(
            """
            INSERT INTO chat.app_user (user_id, user_name, created_at, credential)
            SELECT 'u' || i, 'u', now(), '' FROM generate_series(0, \(rooms)) i
            """)
        let store = ChatStore(ChatStore.Configuration(uri: uri))
        try store.connect()
        var lane = try store.takeLane(incarnation: "x", topic: .chatMessageRequest, partition: 0)
        var id: UInt64 = 0
        func record(_ command: Command, _ user: Int) -> IncomingRecord {
            id += 1
            var headers = RecordHeaders(type: command.type.rawValue)
            headers.userID = "u\(user)"
            headers.messageID = MessageID(
                milliseconds: Int64(Date().timeIntervalSince1970 * 1000), random: (id, id &* 0x9E37_79B9_7F4A_7C15))
            return IncomingRecord(
                offset: Int64(id) - 1, key: [], value: command.value, headers: .success(headers))
        }
        func apply(_ records: [IncomingRecord]) throws -> [Applied] {
            let batch = LaneBatch(lane: lane, records: records, answeredOffset: lane.nextOffset)
            let results = try store.apply([batch], nowMilliseconds: Int64(Date().timeIntervalSince1970 * 1000))
            lane.nextOffset = Int64(id)
            return results[0]
        }
        for room in 0..<rooms {
            let create = RoomCreate(roomName: "r", kind: .group, userIDs: ["u\(room + 1)"])
            _ = try apply([record(.createRoom(create), room)])
        }
        let text = String(repeating: "x", count: 200)
        let total = 60_000
        let batches = stride(from: 0, to: total, by: batchRows).map { start in
            (start..<start + batchRows).map { row in
                record(.send(MessageSend(roomID: Int64(row % rooms) + 1, message: text)), row % rooms + row / rooms % 2)
            }
        }
        let (ownBefore, serverBefore) = (Self.ownCPU(), Self.cpu(of: store.serverProcess))
        let started = Date()
        for batch in batches {
            let results = try apply(batch)
            #expect(results.allSatisfy { $0.records.first?.headers.outcome == .stored })
        }
        let seconds = Date().timeIntervalSince(started)
        let rows = Double(batches.count * batchRows)
        print(
            "\(rooms) rooms, batches of \(batchRows): \(Int(rows / seconds)) rows/s, CPU a row:",
            "client \(Int((Self.ownCPU() - ownBefore) / rows * 1e9)) ns,",
            "PostgreSQL \(Int((Self.cpu(of: store.serverProcess) - serverBefore) / rows * 1e9)) ns")
    }

    private static func ownCPU() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    /// Seconds of a process out of /proc/PID/stat, in ticks of a hundredth.
    private static func cpu(of process: Int32) -> Double {
        guard let text = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8) else { return 0 }
        let fields = text.split(separator: ")").last?.split(separator: " ") ?? []
        guard fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12]) else { return 0 }
        return (user + system) / 100
    }
}
