import Chat
import Stomp
import Testing

@testable import FrontCore

/// CONNECT, versions, log-in, heart-beats and the end of connections.
@Suite struct StompConnectTests {
    private let stomp = StompHarness()

    @Test(
        "STOMP 1.2, Protocol Negotiation",
        arguments: [
            ("accept-version:1.2\n", "1.2"), ("accept-version:1.0,1.1,1.2\n", "1.2"),
            ("accept-version:1.1,1.0\n", "1.1"),
            ("accept-version:1.0\n", "1.0"), ("", "1.0"), ("accept-version:1.1,9.9\n", "1.1"),
        ])
    func negotiates(header: String, version: String) throws {
        for command in ["CONNECT", "STOMP"] {
            let stomp = StompHarness()
            stomp.open(as: StompHarness.person("A"))
            stomp.send("\(command)\n\(header)\n^@")
            let frame = try #require(stomp.frames().first)
            #expect(frame.command == .connected)
            #expect(frame["version"] == version)
            #expect(frame["session"]?.isEmpty == false)
            #expect(frame["heart-beat"] == "0,0")
            #expect(frame["server"] == "madang")
            #expect(frame["user-name"] == "A")
        }
    }

    @Test func refusesVersionsOfNobody() throws {
        stomp.open(as: StompHarness.person("A"))
        stomp.send("CONNECT\naccept-version:2.0\nhost:x\n\n^@")
        let frame = try #require(stomp.frames().first)
        #expect(frame.command == .error)
        #expect(frame["version"] == "1.0,1.1,1.2")
        #expect(stomp.closed() == .protocolError)
    }

    @Test(
        "the answer is what was asked, held between 1000 and 60000",
        arguments: [
            ("0,0", "0,0"), ("10000,10000", "10000,10000"), ("5,70000", "60000,1000"), ("20000,0", "0,20000"),
            ("0,7000", "7000,0"),
        ])
    func heartBeatHeader(asked: String, answered: String) throws {
        stomp.open(as: StompHarness.person("A"))
        stomp.send("CONNECT\naccept-version:1.2\nhost:x\nheart-beat:\(asked)\n\n^@")
        #expect(try #require(stomp.frames().first)["heart-beat"] == answered)
    }

    @Test func brokenHeartBeatHeader() {
        stomp.open(as: StompHarness.person("A"))
        stomp.send("CONNECT\naccept-version:1.2\nheart-beat:ten\n\n^@")
        #expect(stomp.frames().map(\.brief) == ["ERROR bad_request"])
        #expect(stomp.closed() == .protocolError)
    }

    @Test(arguments: ["", "login:A\n", "passcode:x\n", "login:\npasscode:\n", "Authorization:Basic QQ==\n"])
    func nobodyIsRefused(headers: String) {
        stomp.open()
        stomp.send("CONNECT\naccept-version:1.2\nhost:x\n\(headers)\n^@")
        #expect(stomp.frames().map(\.brief) == ["ERROR unauthenticated"])
        #expect(stomp.closed() == .policy)
    }

    @Test func connectMustComeFirst() {
        stomp.open(as: StompHarness.person("A"))
        stomp.send("SEND\ndestination:/pub/chat/room/10\nreceipt:r\n\nhi^@")
        let frames = stomp.frames()
        #expect(frames.map(\.brief) == ["ERROR bad_request"])
        #expect(frames.first?["receipt-id"] == "r")
        #expect(stomp.closed() == .protocolError)
    }

    @Test func connectMustComeSoon() {
        stomp.open(as: StompHarness.person("A"))
        stomp.harness.pass(milliseconds: 4900)
        #expect(stomp.closed() == nil)
        stomp.harness.pass(milliseconds: 200)
        #expect(stomp.frames().map(\.brief) == ["ERROR timeout"])
        #expect(stomp.closed() == .policy)
    }

    @Test func connectionsOfAPersonAreBounded() {
        let stomp = StompHarness { $0.connectionsPerUserMax = 2 }
        stomp.connect(1)
        stomp.connect(2)
        stomp.connect(3, as: "B")
        stomp.open(4, as: StompHarness.person("A"))
        stomp.send(4, "CONNECT\naccept-version:1.2\n\n^@")
        #expect(stomp.frames(4).map(\.brief) == ["ERROR overloaded"])
        #expect(stomp.closed(4) == .policy)
        stomp.node.disconnected(ConnectionID(raw: 1))
        stomp.open(5, as: StompHarness.person("A"))
        stomp.send(5, "CONNECT\naccept-version:1.2\n\n^@")
        #expect(stomp.frames(5).map(\.brief) == ["CONNECTED"])
        #expect(stomp.node.isConnected(userID: "A") && !stomp.node.isConnected(userID: "C"))
    }

    @Test func heartBeatsGoOutInTime() {
        stomp.connect(heartBeat: "0,1000")
        var beats = 0
        for _ in 0..<100 {
            stomp.harness.pass(milliseconds: 100)
            beats += stomp.harness.sent.removeValue(forKey: ConnectionID(raw: 1))?.count ?? 0
        }
        #expect((10...14).contains(beats))
        #expect(stomp.closed() == nil)
    }

    @Test func silenceEndsAConnection() {
        stomp.connect(heartBeat: "10000,0")
        stomp.harness.pass(milliseconds: 20_000)
        stomp.send("\n")
        stomp.harness.pass(milliseconds: 24_900)
        #expect(stomp.closed() == nil)
        stomp.harness.pass(milliseconds: 200)
        #expect(stomp.closed() == .policy)
        #expect(stomp.node.stomp.connections.isEmpty)
    }

    @Test func webSocketsWithoutHeartBeatsArePinged() {
        stomp.open(as: StompHarness.person("A"), transport: .webSocket)
        stomp.send("CONNECT\naccept-version:1.2\n\n^@")
        stomp.harness.sent.removeAll()
        stomp.harness.pass(milliseconds: 25_000)
        #expect(stomp.harness.sent[ConnectionID(raw: 1)]?.count == 2)
        stomp.node.heard(from: ConnectionID(raw: 1))
        stomp.harness.pass(milliseconds: 62_000)
        #expect(stomp.closed() == nil)
        stomp.harness.pass(milliseconds: 600)
        #expect(stomp.closed() == .policy)
    }

    @Test func sessionsThatEndTakeTheirConnections() {
        stomp.open(1, as: StompHarness.person("A", session: "one"))
        stomp.open(2, as: StompHarness.person("A", session: "two"), transport: .webSocket)
        stomp.open(3, as: StompHarness.person("A", session: "three", expires: 1_763_700_100_000))
        for id: UInt64 in [1, 2, 3] { stomp.send(id, "CONNECT\naccept-version:1.2\n\n^@") }
        _ = stomp.frames(1)
        stomp.node.closeConnections(ofSession: "one")
        #expect(stomp.frames(1).map(\.brief) == ["ERROR unauthenticated"])
        #expect(stomp.closed(1) == .sessionEnded)
        #expect(stomp.closed(2) == nil)
        stomp.harness.sent.removeAll()
        stomp.node.closeConnections(ofUser: "A")
        #expect(stomp.closed(2) == .sessionEnded)
        #expect(stomp.harness.sent[ConnectionID(raw: 2)] == nil)
    }

    @Test func aSessionThatRunsOutEndsItsConnections() {
        stomp.open(as: StompHarness.person("A", expires: 1_763_700_100_000))
        stomp.send("CONNECT\naccept-version:1.2\nheart-beat:0,10000\n\n^@")
        stomp.harness.pass(milliseconds: 99_000)
        #expect(stomp.closed() == nil)
        stomp.harness.pass(milliseconds: 9_000)
        #expect(stomp.closed() == .sessionEnded)
    }

    @Test func brokenFramesEndTheConnection() {
        stomp.connect(errors: true)
        stomp.send("SEND\ndestination\n\n^@")
        #expect(stomp.frames().map(\.brief) == ["ERROR bad_request"])
        #expect(stomp.closed() == .protocolError)
        stomp.connect(2)
        stomp.send(2, "SEND\ndestination:/pub/chat/room/10\nreceipt:r\ncontent-length:300000\n\n")
        let frames = stomp.frames(2)
        #expect(frames.map(\.brief) == ["ERROR too_large"])
        #expect(frames.first?["receipt-id"] == "r")
        #expect(stomp.closed(2) == .tooLarge)
    }

    @Test(
        "frames that no client may send now",
        arguments: [
            "CONNECT\naccept-version:1.2\n\n^@", "STOMP\naccept-version:1.2\n\n^@", "CONNECTED\nversion:1.2\n\n^@",
            "MESSAGE\nsubscription:s\n\n^@", "RECEIPT\nreceipt-id:r\n\n^@", "ERROR\nmessage:m\n\n^@", "HELLO\n\n^@",
            "SEND\n\nhi^@", "SUBSCRIBE\nid:s\n\n^@", "SUBSCRIBE\ndestination:/sub/chat/room/1\n\n^@",
            "UNSUBSCRIBE\n\n^@", "ACK\n\n^@", "NACK\n\n^@", "BEGIN\n\n^@", "COMMIT\n\n^@", "ABORT\n\n^@",
        ])
    func violations(frame: String) {
        stomp.connect(errors: true)
        stomp.send(frame)
        #expect(stomp.frames().map(\.brief) == ["ERROR bad_request"])
        #expect(stomp.closed() == .protocolError)
        #expect(stomp.node.stompCounters.violations == 1)
    }

    /// 18,000 idle ones must fit; measured as a whole, one with a subscription takes under 400 octets.
    @Test func idleConnectionsAreSmall() {
        #expect(MemoryLayout<StompSubscription>.stride <= 40)
        stomp.connect(errors: true)
        stomp.harness.pass(milliseconds: 70_000)
        #expect(stomp.node.stomp.connections[ConnectionID(raw: 1)]?.work == nil)
    }
}
