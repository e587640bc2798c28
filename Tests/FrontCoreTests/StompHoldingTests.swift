import Chat
import JSON
import Stomp
import Testing

@testable import FrontCore

/// SENDs right behind a SUBSCRIBE to the same room: nothing said there may be missing on it.
@Suite struct StompHoldingTests {
    private let stomp = StompHarness()
    private let subscribe = "SUBSCRIBE\nid:s\ndestination:/sub/chat/room/10\n\n^@"

    private func say(_ text: String, room: Int = 10, receipt: String = "r") -> String {
        "SEND\ndestination:/pub/chat/room/\(room)\ncontent-type:text/plain\nreceipt:\(receipt)\n\n\(text)^@"
    }

    private var types: [RecordType] {
        stomp.harness.run()
        return stomp.harness.requests.compactMap { RecordType(rawValue: $0.headers.type) }
    }

    @Test func theyWaitForItAndKeepTheirOrder() {
        stomp.connect()
        stomp.send(subscribe + say("a", receipt: "a") + say("b", receipt: "b") + say("c", room: 11, receipt: "c"))
        // Another room does not wait.
        #expect(types == [.roomEnter, .messageSend])
        #expect(stomp.store(seq: 1, room: 11)?["message"]?.string == "c")
        stomp.answerEnter(lastSeq: 57)
        #expect(types == [.messageSend, .messageSend])
        #expect(stomp.store(seq: 58)?["message"]?.string == "a")
        #expect(stomp.store(seq: 59)?["message"]?.string == "b")
        #expect(stomp.frames().map(\.brief) == ["RECEIPT c", "RECEIPT a", "RECEIPT b"])
    }

    @Test func enteringWaitsToo() {
        stomp.connect()
        stomp.send(subscribe + "SEND\ndestination:/pub/chat/enter\nreceipt:e\n\n{\"roomId\":10}^@")
        #expect(types == [.roomEnter])
        stomp.answerEnter()
        #expect(types == [.roomEnter])
        stomp.answerEnter()
        #expect(stomp.frames().map(\.brief) == ["MESSAGE s", "RECEIPT e"])
    }

    @Test func aRefusedSubscriptionLetsThemGo() {
        stomp.connect(errors: true)
        stomp.send(subscribe + say("a"))
        stomp.refuse(.roomEnter, code: "not_a_member")
        #expect(types == [.messageSend])
    }

    @Test func unsubscribingLetsThemGo() {
        stomp.connect()
        stomp.send(subscribe + say("a") + "UNSUBSCRIBE\nid:s\n\n^@")
        #expect(types == [.roomEnter, .messageSend])
    }

    @Test func disconnectWaitsForThem() {
        stomp.connect()
        stomp.send(subscribe + say("a") + "DISCONNECT\nreceipt:bye\n\n^@")
        stomp.answerEnter()
        #expect(!stomp.frames().contains { $0.brief == "RECEIPT bye" })
        stomp.store(seq: 58)
        #expect(stomp.frames().last?.brief == "RECEIPT bye")
        #expect(stomp.closed() == .done)
    }

    /// STOMP 1.2, RECEIPT: what was received is processed even if the client disconnects.
    @Test func aLostConnectionDoesNotLoseThem() {
        stomp.connect()
        stomp.send(subscribe + say("a") + say("b"))
        stomp.node.disconnected(ConnectionID(raw: 1))
        #expect(types == [.roomEnter, .messageSend, .messageSend])
        stomp.answerEnter()
        stomp.store(seq: 58)
        stomp.store(seq: 59)
        #expect(stomp.frames().isEmpty)
    }

    /// In one turn: an event, then DISCONNECT. Its RECEIPT is the last frame all the same.
    @Test func nothingComesBehindTheReceiptOfDisconnect() {
        stomp.connect()
        stomp.subscribe()
        let node = stomp.node
        node.directory.learn(userID: "B", name: "Name B")
        let event = Event(
            roomID: 10, seq: 58, messageID: MessageID(high: 7, low: 58), userID: "B", createdAtMilliseconds: 0,
            content: .message(text: "m", replyTo: nil, mentions: []))
        Array("10".utf8).withUnsafeBytes { key in
            event.json.withUnsafeBytes { node.fact(key: key, epoch: 1, value: $0) }
        }
        stomp.send("DISCONNECT\nreceipt:bye\n\n^@")
        #expect(stomp.frames().map(\.brief) == ["MESSAGE s", "RECEIPT bye"])
        #expect(stomp.closed() == .done)
    }
}
