import Linux
import Logging
import Testing

@testable import Supervisor

@Suite(.enabled(if: PostgresPrograms.find(version: nil) != nil, "PostgreSQL is not installed"), .serialized)
struct PostgresClusterTests {
    let logger = Logger(service: "test", level: .error)

    /// Starts the server as `up` does, on a thread that stays, and ends it.
    func withServer(_ cluster: PostgresCluster, _ body: (Linux.ChildProcess) throws -> Void) throws {
        var options = cluster.serverOptions()
        options.deathSignal = nil
        let server = try Linux.ChildProcess.start(options)
        defer {
            server.signal(.quit)
            server.signal(.proceed)
            _ = try? server.wait(milliseconds: 10_000)
        }
        #expect(SystemClock.waitUntil(milliseconds: 30_000) { cluster.isReady() })
        try body(server)
    }

    @Test(arguments: [false, true]) func isMadeOnceAndTakenUpAgain(closed: Bool) throws {
        let temporary = try File.makeTemporaryFolder("supervisor-tests")
        // With 0755 for one of them, since root's PostgreSQL comes to a folder in another way where it is closed.
        if !closed { try File.setMode(temporary, 0o755) }
        defer { File.removeFolder(temporary) }
        let data = try DataFolder(temporary)
        let cluster = try PostgresCluster.prepare(in: data, logger: logger)
        #expect(closed || cluster.folder == data.postgresFolder)
        #expect((cluster.user != nil) == UserAccount.isRoot)
        #expect(try File.mode(cluster.folder + "/password") == 0o600)
        try withServer(cluster) { _ in }
        let again = try PostgresCluster.prepare(in: data, logger: logger)
        #expect(again.uri.prefix { $0 != "@" } == cluster.uri.prefix { $0 != "@" })
        // One that was left behind, and even stopped, is ended by the next.
        try withServer(again) { server in
            server.signal(.stop)
            let reaped = try NativeThread.start(name: "reaps") { _ = try? server.wait() }
            let third = try PostgresCluster.prepare(in: data, logger: logger)
            reaped.join()
            try withServer(third) { _ in }
        }
    }
}
