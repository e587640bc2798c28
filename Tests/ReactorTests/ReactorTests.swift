import Linux
import Testing

@testable import Reactor

@Suite struct ReactorTests {
    @Test func echoesHoweverTheInputIsCut() throws {
        let server = try EchoServer()
        defer { server.stop() }
        let client = try LineClient(server.address)
        let text = "one\ntwo two\nthree\n"
        for character in text { try client.send(String(character)) }
        #expect(try client.receive(text.utf8.count) == text)
        let long = String(repeating: "x", count: 300_000) + "\n"
        try client.send(long)
        #expect(try client.receive(long.utf8.count) == long)
    }

    @Test func oneLineGoesToEveryone() throws {
        let server = try EchoServer()
        defer { server.stop() }
        let clients = try (0..<20).map { _ in try LineClient(server.address) }
        #expect(server.heard.soon { $0.open.count == 20 })
        try clients[0].send("!hello\nprivate\n!again\n")
        #expect(try clients[0].receive(22) == "!hello\nprivate\n!again\n")
        for client in clients.dropFirst() { #expect(try client.receive(14) == "!hello\n!again\n") }
    }

    @Test func otherThreadsWakeIt() throws {
        let server = try EchoServer()
        defer { server.stop() }
        let client = try LineClient(server.address)
        #expect(server.heard.soon { $0.open.count == 1 })
        for number in 0..<1000 { server.mailbox.post("\(number)\n") }
        let all = (0..<1000).map { "\($0)\n" }.joined()
        #expect(try client.receive(all.utf8.count) == all)
        #expect(server.heard.now.wakes <= 1000)
    }

    @Test func closesInEachWay() throws {
        let server = try EchoServer()
        defer { server.stop() }
        let first = try LineClient(server.address)
        try first.send("bye\nmore\n")
        #expect(try first.receiveAll() == "bye\n")
        Socket.shutdownWriting(first.descriptor)
        #expect(server.heard.soon { $0.reasons == [.owner] })
        let second = try LineClient(server.address)
        try second.send("a\nclose\n")
        #expect(try second.receiveAll().isEmpty)
        #expect(server.heard.soon { $0.reasons.count == 2 })
        // The other side has ended, and still gets its answer.
        let third = try LineClient(server.address)
        try third.send("last\n")
        Socket.shutdownWriting(third.descriptor)
        #expect(try third.receiveAll() == "last\n")
        #expect(server.heard.soon { $0.reasons.count == 3 && $0.open.isEmpty })
    }

    @Test func aTimerGoesOffOnceAndAPausedOneIsNotRead() throws {
        let server = try EchoServer()
        defer { server.stop() }
        let client = try LineClient(server.address)
        try client.send("timer\na\n")
        #expect(try client.receive(8) == "a\nfired\n")
        try client.send("pause\nkept\n")
        try client.send("later\n")
        #expect(try client.receive(17) == "fired\nkept\nlater\n")
        try client.send("b\n")
        #expect(try client.receive(2) == "b\n")
    }

    @Test func whatDoesNotGoOutAtOnceGoesOutLater() throws {
        var configuration = ReactorConfiguration()
        configuration.outputBytesMax = 64 << 20
        let server = try EchoServer(configuration)
        defer { server.stop() }
        let client = try LineClient(server.address)
        for _ in 0..<20 { try client.send("flood\n") }
        try client.send("end\n")
        let bytes = try client.receive((20 << 20) + 4)
        #expect(bytes.utf8.count == (20 << 20) + 4 && bytes.hasSuffix("xend\n"))
        #expect(server.heard.soon { $0.drained > 0 && $0.blocked.isEmpty })
    }

    @Test func whoDoesNotReadIsToldAndClosed() throws {
        var configuration = ReactorConfiguration()
        configuration.lingerMilliseconds = 300
        let server = try EchoServer(configuration)
        defer { server.stop() }
        let slow = try LineClient(server.address)
        let other = try LineClient(server.address)
        for _ in 0..<40 {
            try slow.send("flood\n")
            try other.send("ping\n")
            #expect(try other.receive(5) == "ping\n")
        }
        #expect(server.heard.soon { $0.blocked == [.tooMuch] && $0.reasons == [.tooSlow] })
        #expect(server.heard.now.open.count == 1)
    }

    @Test func whoReadsAgainInTimeHearsWhy() throws {
        let server = try EchoServer()
        defer { server.stop() }
        let slow = try LineClient(server.address)
        var sent = 0
        while sent < 40, server.heard.now.blocked.isEmpty {
            try slow.send("flood\n")
            sent += 1
            // Each in a turn of its own: what one turn hands over is never too much.
            let wanted = sent
            try #require(server.heard.soon { $0.floods == wanted || !$0.blocked.isEmpty })
        }
        #expect(server.heard.soon { $0.blocked == [.tooMuch] })
        #expect(try slow.receiveAll().hasSuffix("xtoo slow\n"))
    }

    @Test func whoStandsStillIsFound() throws {
        var configuration = ReactorConfiguration()
        configuration.stalledMilliseconds = 300
        configuration.lingerMilliseconds = 100
        configuration.outputBytesMax = 64 << 20
        let server = try EchoServer(configuration)
        defer { server.stop() }
        let slow = try LineClient(server.address)
        for _ in 0..<10 { try slow.send("flood\n") }
        #expect(server.heard.soon { $0.blocked == [.stalled] && $0.reasons == [.tooSlow] })
    }

    @Test func limitsHold() throws {
        var configuration = ReactorConfiguration()
        configuration.connectionsMax = 2
        configuration.inputBytesMax = 1000
        let server = try EchoServer(configuration)
        defer { server.stop() }
        let first = try LineClient(server.address)
        let second = try LineClient(server.address)
        #expect(server.heard.soon { $0.open.count == 2 })
        let third = try LineClient(server.address)
        #expect(try third.receiveAll().isEmpty)
        try second.send(String(repeating: "y", count: 2000))
        #expect(server.heard.soon { $0.reasons == [.inputTooLarge] })
        try first.send("still here\n")
        #expect(try first.receive(11) == "still here\n")
        #expect(try LineClient(server.address).receive(0).isEmpty)
    }

    @Test func stoppingClosesEverything() throws {
        let server = try EchoServer()
        let client = try LineClient(server.address)
        #expect(server.heard.soon { $0.open.count == 1 })
        server.stop()
        #expect(server.heard.now.reasons == [.stopped])
        #expect(try client.receiveAll().isEmpty)
        #expect(throws: SystemError.self) { try LineClient(server.address) }
    }
}
