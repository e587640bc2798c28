import Linux
import Testing

@Suite struct SocketTests {
    func loopback() throws -> SocketAddress {
        try #require(try SocketAddress.resolve(host: "127.0.0.1", port: 0).first)
    }

    @Test func connectsAndTransfers() throws {
        let listener = try Socket.listen(loopback(), reusePort: false)
        defer { Descriptor.close(listener) }
        #expect(Socket.accept(listener) == .wouldBlock)
        let address = try Socket.localAddress(listener)
        #expect(address.isLoopback && address.port != 0)
        let client = try Socket.connect(address, timeoutMilliseconds: 1000)
        _ = try Descriptor.waitReadable(listener, milliseconds: 1000)
        guard case .connection(let server) = Socket.accept(listener) else {
            Issue.record("no connection")
            return
        }
        var buffer = [UInt8](repeating: 0, count: 16)
        #expect(buffer.withUnsafeMutableBytes { Descriptor.read(server, into: $0) } == .wouldBlock)
        let sent = [UInt8]("abc".utf8).withUnsafeBytes { first in
            [UInt8]("defg".utf8).withUnsafeBytes { Socket.send(client, first, $0) }
        }
        #expect(sent == .bytes(7))
        #expect(try Descriptor.waitReadable(server, milliseconds: 1000))
        #expect(buffer.withUnsafeMutableBytes { Descriptor.read(server, into: $0) } == .bytes(7))
        #expect(String(decoding: buffer[..<7], as: UTF8.self) == "abcdefg")
        Descriptor.close(client)
        #expect(try Descriptor.waitReadable(server, milliseconds: 1000))
        #expect(buffer.withUnsafeMutableBytes { Descriptor.read(server, into: $0) } == .end)
        Descriptor.close(server)
    }

    @Test func saysThatTheAddressIsInUse() throws {
        let listener = try Socket.listen(loopback(), reusePort: false)
        defer { Descriptor.close(listener) }
        let address = try Socket.localAddress(listener)
        let error = #expect(throws: SystemError.self) { _ = try Socket.listen(address, reusePort: false) }
        #expect(error?.isAddressInUse == true)
    }

    @Test func sharesAnAddress() throws {
        let first = try Socket.listen(loopback(), reusePort: true)
        let second = try Socket.listen(Socket.localAddress(first), reusePort: true)
        Descriptor.close(first)
        Descriptor.close(second)
    }

    @Test(arguments: [
        ("127.0.0.1:80", "127.0.0.1", 80), ("[::1]:9", "::1", 9), ("localhost:0", "localhost", 0),
    ]) func splitsAddresses(text: String, host: String, port: Int) throws {
        let parts = try #require(SocketAddress.split(text))
        #expect(parts.host == host && Int(parts.port) == port)
    }

    @Test(arguments: ["", "80", ":80", "a:b", "a:65536", "::1:80", "a:-1"]) func refusesAddresses(text: String) {
        #expect(SocketAddress.split(text) == nil)
    }
}

@Suite struct EpollTests {
    @Test func tellsWhoIsReadyWithItsToken() throws {
        let epoll = try Epoll(readyMax: 8)
        let event = try EventDescriptor()
        defer { event.close() }
        try epoll.add(event.descriptor, [.readable], token: 0xFEDC_BA98_7654_3210)
        #expect(try epoll.wait(milliseconds: 0) == 0)
        event.signal()
        #expect(try epoll.wait(milliseconds: 1000) == 1)
        #expect(epoll.event(at: 0).token == 0xFEDC_BA98_7654_3210)
        #expect(epoll.event(at: 0).events == .readable)
        event.clear()
        #expect(try epoll.wait(milliseconds: 0) == 0)
        epoll.remove(event.descriptor)
    }
}

@Suite struct FileTests {
    @Test func replacesAndReads() throws {
        let folder = try File.makeTemporaryFolder("linux-tests")
        defer { File.removeFolder(folder) }
        try File.makeFolder(folder + "/a/b")
        try File.replace(folder + "/a/b/key", with: Array("one".utf8), mode: 0o600)
        try File.replace(folder + "/a/b/key", with: Array("two".utf8), mode: 0o600)
        #expect(try File.readText(folder + "/a/b/key") == "two")
        #expect(try File.mode(folder + "/a/b/key") == 0o600)
        #expect(try File.names(in: folder + "/a/b") == ["key"])
        let error = #expect(throws: SystemError.self) { try File.read(folder + "/none") }
        #expect(error?.isNotFound == true)
        File.removeFolder(folder)
        #expect(!File.exists(folder))
    }

    @Test func aPidFileHasOneHolder() throws {
        let folder = try File.makeTemporaryFolder("linux-tests")
        defer { File.removeFolder(folder) }
        let path = folder + "/up.pid"
        do {
            let first = try PidFile(path: path)
            #expect(PidFile.read(path) == OwnProcess.id)
            var refusal: PidFile.Refusal?
            do throws(PidFile.Refusal) { _ = try PidFile(path: path) } catch { refusal = error }
            #expect(refusal == .held(by: OwnProcess.id))
            _ = consume first
        }
        _ = try PidFile(path: path)
    }
}

@Suite struct ProcessTests {
    @Test func tellsHowAChildEnded() throws {
        let exited = try ChildProcess.start(.init(path: "/bin/sh", arguments: ["-c", "exit 7"]))
        #expect(try exited.wait(milliseconds: 10000) == .exited(7))
        let killed = try ChildProcess.start(.init(path: "/bin/sleep", arguments: ["100"]))
        #expect(try killed.poll() == nil)
        killed.signal(.kill)
        #expect(try killed.wait(milliseconds: 10000) == .signaled(Signal.kill.number))
    }

    @Test func saysThatAProgramIsNotThere() {
        let error = #expect(throws: SystemError.self) {
            try ChildProcess.start(.init(path: "/no/such/program", arguments: []))
        }
        #expect(error?.isNotFound == true)
    }

    @Test func givesOutputEnvironmentAndFolder() throws {
        let folder = try File.makeTemporaryFolder("linux-tests")
        defer { File.removeFolder(folder) }
        let log = try File.openToAppend(folder + "/log")
        var options = ChildProcess.Options(path: "/bin/sh", arguments: ["-c", "echo $A; pwd; echo x >&2"])
        options.environment = ["A=b c"]
        options.directory = folder
        options.output = log
        options.error = log
        let child = try ChildProcess.start(options)
        Descriptor.close(log)
        #expect(try child.wait() == .exited(0))
        #expect(try File.readText(folder + "/log") == "b c\n\(folder)\nx\n")
    }

    /// The thread that starts the child ends at once, and the kernel ends the child.
    @Test func endsWithWhoStartedIt() throws {
        let (reading, writing) = try Descriptor.pipe()
        let thread = try NativeThread.start(name: "starts") {
            var options = ChildProcess.Options(path: "/bin/sleep", arguments: ["100"])
            options.deathSignal = .kill
            guard let child = try? ChildProcess.start(options) else { return }
            withUnsafeBytes(of: child.id) { try? Descriptor.writeAll(writing, $0) }
        }
        thread.join()
        var id: Int32 = 0
        #expect(withUnsafeMutableBytes(of: &id) { Descriptor.read(reading, into: $0) } == .bytes(4))
        Descriptor.close(reading)
        Descriptor.close(writing)
        let ended = SystemClock.waitUntil(milliseconds: 5000) {
            let text = (try? File.readText("/proc/\(id)/stat")) ?? "0 (sleep) Z"
            return text.split(separator: " ").dropFirst(2).first == "Z"
        }
        #expect(ended)
    }

    @Test(.enabled(if: UserAccount.isRoot && UserAccount.named("nobody") != nil, "needs root"))
    func startsAsAnotherUser() throws {
        var options = ChildProcess.Options(path: "/bin/sh", arguments: ["-c", "[ $(id -un) = nobody ]"])
        options.user = UserAccount.named("nobody")
        #expect(try ChildProcess.start(options).wait() == .exited(0))
    }

    @Test func knowsItself() {
        #expect(OwnProcess.residentBytes() > 1 << 20)
        #expect(OwnProcess.openDescriptors() > 2)
        #expect(OwnProcess.cpuMicroseconds() > 0)
        #expect(OwnProcess.raiseDescriptorLimit(to: 1024) >= 1024)
        #expect(OwnProcess.isAlive(OwnProcess.id))
        #expect(UserAccount.current().userID == UserAccount.named(UserAccount.current().name)?.userID)
    }

    @Test func runsAThread() throws {
        let event = try EventDescriptor()
        defer { event.close() }
        try NativeThread.start(name: "wakes") { event.signal() }.join()
        #expect(try Descriptor.waitReadable(event.descriptor, milliseconds: 0))
    }

    @Test func drawsRandomBytes() {
        #expect(SystemRandom.bytes(32) != SystemRandom.bytes(32))
        #expect(SystemRandom.bytes(0) == [])
        #expect(SystemRandom.next() != SystemRandom.next())
    }
}
