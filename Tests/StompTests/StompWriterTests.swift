import Stomp
import Testing

@Suite("STOMP 1.2, Server Frames and Client Frames, as they are written")
struct StompWriterTests {
    @Test("CONNECTED Frame: version, session, heart-beat, server, and user-name where known")
    func connected() {
        let heartbeat = StompHeartbeat.Offer(canSendMilliseconds: 10_000, wantsMilliseconds: 0)
        #expect(
            text { $0.connected(session: "s1", server: "madang/1.0", heartbeat: heartbeat, userName: "김:에이") }
                == "CONNECTED\nversion:1.2\nsession:s1\nheart-beat:10000,0\nserver:madang/1.0\nuser-name:김:에이\n\n^@")
        #expect(
            text(.v1_0) { $0.connected(session: "s1", server: "madang", heartbeat: heartbeat) }
                == "CONNECTED\nversion:1.0\nsession:s1\nheart-beat:10000,0\nserver:madang\n\n^@")
    }

    @Test("A value never makes another header, not even where nothing is escaped")
    func injection() {
        let none = StompHeartbeat.Offer(canSendMilliseconds: 0, wantsMilliseconds: 0)
        #expect(
            text { $0.connected(session: "s", server: "m", heartbeat: none, userName: "a\nx:y\r\0") }
                == "CONNECTED\nversion:1.2\nsession:s\nheart-beat:0,0\nserver:m\nuser-name:ax:y\n\n^@")
    }

    @Test("RECEIPT: receipt-id has the value of the receipt header, whatever that is")
    func receipt() throws {
        let sent = try frame("SEND\nreceipt:a\\cb\\n\\r\\\\ 한\n\n^@")
        let id = try #require(sent.bytes("receipt"))
        #expect(text { $0.receipt(id: id) } == "RECEIPT\nreceipt-id:a\\cb\\n\\r\\\\ 한\n\n^@")
    }

    @Test("RECEIPT of a SEND carries more headers")
    func stored() {
        #expect(
            text {
                $0.begin(.receipt)
                $0.header("receipt-id", "1")
                $0.header("message-id", "0198")
                $0.header("seq", decimal: 42)
                $0.header("min", decimal: .min)
                $0.end()
            } == "RECEIPT\nreceipt-id:1\nmessage-id:0198\nseq:42\nmin:-9223372036854775808\n\n^@")
    }

    @Test("ERROR: message, receipt-id, content-type, content-length and body")
    func error() {
        let receipt: [UInt8]? = octets("r:1")
        #expect(
            text { $0.error(message: "invalid", receipt: receipt, contentType: "application/json", body: "{}".utf8) }
                == "ERROR\nmessage:invalid\nreceipt-id:r\\c1\ncontent-type:application/json\ncontent-length:2\n\n{}^@")
    }

    @Test("MESSAGE: subscription, destination, content-type, message-id, content-length")
    func message() throws {
        let head = StompMessageEncoder.head(
            subscription: "sub:0".utf8, destination: "/sub/chat/room/10".utf8, version: .v1_2)
        var tail: [UInt8] = []
        StompMessageEncoder.appendTail(
            to: &tail, messageId: "0198".utf8, seq: 42, epoch: 1, body: #"{"message":"안녕"}"#.utf8)
        #expect(
            String(decoding: head + tail, as: UTF8.self) == """
                MESSAGE
                subscription:sub\\c0
                destination:/sub/chat/room/10
                content-type:application/json;charset=utf-8
                message-id:0198
                seq:42
                epoch:1
                content-length:20

                {"message":"안녕"}\0
                """)
        let parsed = parse(head + tail)
        #expect(parsed.frames.first?["subscription"] == "sub:0")
    }

    @Test("MESSAGE: ack where the subscription acknowledges")
    func acknowledged() throws {
        var bytes = StompMessageEncoder.head(subscription: "0".utf8, destination: "/a".utf8, version: .v1_2)
        StompMessageEncoder.appendAck(to: &bytes, "17".utf8)
        StompMessageEncoder.appendTail(to: &bytes, messageId: "m".utf8, body: "{}".utf8)
        let frame = try #require(parse(bytes).frames.first)
        #expect(frame["ack"] == "17")
        #expect(frame["message-id"] == "m")
        #expect(frame["seq"] == nil)
        #expect(frame.bodyText == "{}")
    }

    @Test("Client frames are read as they were meant")
    func client() throws {
        var writer = StompWriter(version: .v1_2)
        writer.connect(
            host: "localhost", login: "a", passcode: "b", more: [(name: "Authorization", value: "Bearer t")])
        writer.subscribe(id: "0", destination: "/a", ack: "client", receipt: "1", more: [(name: "since", value: "5")])
        writer.send(destination: "/b", contentType: "text/plain", receipt: "2", body: "x\0y".utf8)
        writer.unsubscribe(id: "0", receipt: "3")
        writer.transaction(.begin, "t", receipt: "4")
        writer.transaction(.commit, "t")
        writer.disconnect(receipt: "5")
        let parsed = parse(writer.take())
        #expect(writer.bytes.isEmpty)
        #expect(
            parsed.frames.map(\.command)
                == [.connect, .subscribe, .send, .unsubscribe, .begin, .commit, .disconnect])
        #expect(parsed.frames[0]["Authorization"] == "Bearer t")
        #expect(parsed.frames[1]["since"] == "5")
        #expect(parsed.frames[2].bodyText == "x\0y")
        #expect(parsed.frames.compactMap { $0["receipt"] } == ["1", "2", "3", "4", "5"])
    }
}
