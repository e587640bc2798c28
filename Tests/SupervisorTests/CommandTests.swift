import Linux
import Testing

@testable import Supervisor

@Suite struct CommandTests {
    func known(_ change: (inout Supervisor.Configuration) -> Void = { _ in }) throws -> ChildCommand.Surroundings {
        var configuration = Supervisor.Configuration()
        configuration.http = "127.0.0.1:0"
        configuration.stomp = "127.0.0.1:0"
        configuration.backendHTTP = "127.0.0.1:0"
        configuration.fronts = 2
        change(&configuration)
        return ChildCommand.Surroundings(
            configuration: configuration, addresses: try Addresses(configuration),
            environment: ["PATH=/bin", "MADANG_HTTP=0.0.0.0:1", "MADANG_JWT_HS256_SECRET=x"], kafka: "k:1",
            postgres: "postgres://madang:secret@h/madang", sessionKeyFile: "/d/run/session.key")
    }

    @Test func secretsAreInNoCommandLine() throws {
        let known = try known { $0.frontEnvironment = ["MADANG_JWT_HS256_SECRET=y"] }
        for child in [Child(.migrate), Child(.backend, 1), Child(.front, 2), Child(.broker), Child(.topics)] {
            let command = ChildCommand(child, known)
            #expect(!command.arguments.joined().contains("secret"))
            #expect(!command.environment.contains("MADANG_HTTP=0.0.0.0:1"))
            #expect(!command.environment.contains("MADANG_JWT_HS256_SECRET=x"))
            #expect(command.environment.contains("PATH=/bin"))
        }
        let front = ChildCommand(Child(.front, 2), known)
        #expect(front.environment.contains("MADANG_JWT_HS256_SECRET=y"))
        #expect(!front.environment.contains { $0.hasPrefix("MADANG_POSTGRES") })
        #expect(ChildCommand(Child(.backend, 1), known).environment.contains("MADANG_POSTGRES=\(known.postgres)"))
    }

    @Test func eachHasItsOwnAddress() throws {
        let known = try known { $0.frontFlags = ["--rate-person", "5"] }
        let first = ChildCommand(Child(.front, 1), known).arguments
        let second = ChildCommand(Child(.front, 2), known).arguments
        #expect(first[0..<3] == ["front", "--http", known.addresses.http[0].description])
        #expect(second[2] == known.addresses.http[1].description && first[2] != second[2])
        #expect(first.suffix(2) == ["--rate-person", "5"])
        #expect(first.contains("--session-key"))
    }

    @Test func aPortInUseIsTold() throws {
        let any = try #require(try SocketAddress.resolve(host: "127.0.0.1", port: 0).first)
        let listener = try Socket.listen(any, reusePort: true)
        defer { Descriptor.close(listener) }
        let port = try Socket.localAddress(listener).port
        let refusal = #expect(throws: Addresses.Refusal.self) { try known { $0.http = "127.0.0.1:\(port)" } }
        #expect(refusal?.message == "--http 127.0.0.1:\(port): address in use" && refusal?.isUsage == false)
    }

    @Test(arguments: ["", "8081", "127.0.0.1:65535", "127.0.0.1:x"]) func aBadAddressIsTold(text: String) {
        let refusal = #expect(throws: Addresses.Refusal.self) { try known { $0.stomp = text } }
        #expect(refusal?.isUsage == true)
    }
}

@Suite struct DataFolderTests {
    @Test func keepsItsKeyAndItsLogsSmall() throws {
        let temporary = try File.makeTemporaryFolder("supervisor-tests")
        defer { File.removeFolder(temporary) }
        let data = try DataFolder(temporary + "/a/b")
        try data.makeSessionKey()
        let key = try File.readText(data.sessionKeyFile)
        #expect(key.utf8.count == 64 && key.allSatisfy(\.isHexDigit))
        #expect(try File.mode(data.sessionKeyFile) == 0o600)
        try File.setMode(data.sessionKeyFile, 0o644)
        try data.makeSessionKey()
        #expect(try File.mode(data.sessionKeyFile) == 0o600)
        #expect(try File.readText(data.sessionKeyFile) == key)
        let child = Child(.front, 1)
        try File.replace(data.logFile(child), with: [UInt8](repeating: 65, count: DataFolder.logBytesMax + 1))
        Descriptor.close(try data.openLog(child))
        #expect(try File.size(data.logFile(child)) == 0)
        #expect(try File.size(data.logFile(child) + ".1") == DataFolder.logBytesMax + 1)
        try data.writePid(child, 1)
        try data.removeStalePids()
        #expect(!File.exists(data.pidFile(child)))
    }
}
