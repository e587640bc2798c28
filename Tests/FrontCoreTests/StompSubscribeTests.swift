import Chat
import JSON
import Stomp
import Testing

@testable import FrontCore

/// SUBSCRIBE, UNSUBSCRIBE, ACK, NACK and transactions.
@Suite struct StompSubscribeTests {
    private let stomp = StompHarness()

    @Test(arguments: [
        "/sub/chat/room/10", "/subscribe/chat/room/10", "/queue/chat-rooms/10", "/topic/chat/room/10",
    ])
    func roomsByAllTheirNames(destination: String) throws {
        stomp.connect()
        stomp.send("SUBSCRIBE\nid:s\ndestination:\(destination)\nreceipt:r\n\n^@")
        #expect(stomp.frames().isEmpty)
        stomp.answerEnter()
        let receipt = try #require(stomp.frames().first)
        #expect(receipt.brief == "RECEIPT r" && receipt["seq"] == "57" && receipt["epoch"] == "1")
        stomp.event(58)
        let frame = try #require(stomp.frames().first)
        #expect(frame.brief == "MESSAGE s" && frame["destination"] == destination && frame["seq"] == "58")
        #expect(frame["ack"] == nil)
    }

    @Test(arguments: ["/user/queue/errors", "/user/queue/notifications"])
    func ownQueues(destination: String) {
        stomp.connect()
        stomp.send("SUBSCRIBE\nid:q\ndestination:\(destination)\nreceipt:r\n\n^@")
        #expect(stomp.frames().map(\.brief) == ["RECEIPT r"])
        #expect(stomp.harness.requests.isEmpty)
    }

    @Test func sinceAndEpochGoAlong() throws {
        stomp.connect()
        stomp.send("SUBSCRIBE\nid:s\ndestination:/sub/chat/room/10\nsince:57\nepoch:1\nreceipt:r\n\n^@")
        stomp.answerEnter()
        #expect(stomp.frames().first?["seq"] == "57")
        stomp.send("SUBSCRIBE\nid:t\ndestination:/topic/chat/room/10\nsince:99\nreceipt:r\n\n^@")
        stomp.answerEnter()
        let frames = stomp.frames()
        #expect(frames.map(\.brief) == ["RECEIPT r", "MESSAGE t"])
        #expect(frames.last?.json["type"]?.string == "RESET")
    }

    @Test(arguments: [
        ("destination:/nowhere", "not_found"), ("destination:/sub/chat/room/*", "forbidden"),
        ("destination:/sub/chat/room/x", "not_found"), ("destination:/pub/chat/message", "forbidden"),
        ("destination:/user/B/queue/errors", "forbidden"), ("destination:/sub/chat/room/10\nsince:x", "bad_request"),
        ("destination:/sub/chat/room/10\nsince:-1", "bad_request"),
        ("destination:/sub/chat/room/10\nepoch:", "bad_request"),
        ("destination:/sub/chat/room/10\nack:never", "bad_request"),
    ])
    func refused(headers: String, code: String) throws {
        stomp.connect(1, errors: true)
        stomp.send(1, "SUBSCRIBE\nid:s\n\(headers)\nreceipt:r\n\n^@")
        let frame = try #require(stomp.frames(1).first)
        #expect(frame.code == code && frame.json["receiptId"]?.string == "r")
        stomp.connect(2)
        stomp.send(2, "SUBSCRIBE\nid:s\n\(headers)\nreceipt:r\n\n^@")
        #expect(stomp.frames(2).map(\.brief) == ["ERROR \(code)"])
        #expect(stomp.closed(1) == nil && stomp.closed(2) == .protocolError)
    }

    @Test func refusedByTheRoom() {
        stomp.connect(errors: true)
        stomp.send("SUBSCRIBE\nid:s\ndestination:/sub/chat/room/10\nreceipt:r\n\n^@")
        stomp.refuse(.roomEnter, code: "not_a_member")
        let frames = stomp.frames()
        #expect(frames.map(\.code) == ["not_a_member"])
        #expect(frames.first?.json["destination"]?.string == "/sub/chat/room/10")
        // The id is free again.
        stomp.subscribe()
        #expect(stomp.node.rooms[10]?.members.count == 1)
    }

    @Test func anIdIsUsedOnce() {
        stomp.connect(errors: true)
        stomp.subscribe()
        stomp.send("SUBSCRIBE\nid:s\ndestination:/sub/chat/room/11\n\n^@")
        #expect(stomp.frames().map(\.code) == ["already_exists"])
    }

    @Test func subscriptionsAreBounded() {
        let stomp = StompHarness { $0.subscriptionsPerConnectionMax = 2 }
        stomp.connect(errors: true)
        stomp.subscribe()
        stomp.send("SUBSCRIBE\nid:t\ndestination:/sub/chat/room/10\n\n^@")
        #expect(stomp.frames().map(\.code) == ["overloaded"])
    }

    @Test func unsubscribes() {
        stomp.connect(errors: true)
        stomp.subscribe()
        stomp.send("UNSUBSCRIBE\nid:s\nreceipt:u\n\n^@")
        #expect(stomp.frames().map(\.brief) == ["RECEIPT u"])
        stomp.event(58)
        #expect(stomp.frames().isEmpty)
        stomp.send("UNSUBSCRIBE\nid:s\nreceipt:u\n\n^@")
        #expect(stomp.frames().map(\.code) == ["not_found"])
        // While the room is still asked, both are answered and nothing follows.
        stomp.send("SUBSCRIBE\nid:s\ndestination:/sub/chat/room/10\nreceipt:1\n\n^@UNSUBSCRIBE\nid:s\nreceipt:2\n\n^@")
        stomp.answerEnter()
        stomp.event(59)
        #expect(stomp.frames().map(\.brief) == ["RECEIPT 1", "RECEIPT 2"])
    }

    @Test func aRemovedPersonMayUnsubscribeAndComeBack() {
        stomp.connect()
        stomp.subscribe()
        stomp.node.directory.learn(userID: "A", name: "Name A")
        stomp.node.directory.learn(userID: "B", name: "Name B")
        stomp.harness.fact(
            Event(
                roomID: 10, seq: 58, messageID: MessageID(high: 7, low: 58), userID: "B", createdAtMilliseconds: 0,
                content: .leave(targetID: "A", targetName: nil)))
        #expect(stomp.frames().map(\.brief) == ["MESSAGE s"])
        stomp.event(59)
        #expect(stomp.frames().isEmpty)
        stomp.send("SUBSCRIBE\nid:s\ndestination:/sub/chat/room/10\nreceipt:r\n\n^@")
        stomp.answerEnter(lastSeq: 60)
        #expect(stomp.frames().map(\.brief) == ["RECEIPT r"])
        stomp.send("UNSUBSCRIBE\nid:s\nreceipt:u\n\n^@")
        #expect(stomp.frames().map(\.brief) == ["RECEIPT u"])
    }

    @Test func versionZeroNamesSubscriptionsByDestination() throws {
        stomp.connect(version: "1.0")
        stomp.send("SUBSCRIBE\ndestination:/sub/chat/room/10\n\n^@")
        stomp.answerEnter()
        stomp.event(58)
        let frame = try #require(stomp.frames().first)
        #expect(frame["subscription"] == nil && frame["destination"] == "/sub/chat/room/10")
        stomp.send("UNSUBSCRIBE\ndestination:/sub/chat/room/10\nreceipt:u\n\n^@")
        stomp.event(59)
        #expect(stomp.frames().map(\.brief) == ["RECEIPT u"])
    }

    @Test func goneConnectionsLeaveTheirRooms() {
        stomp.connect()
        stomp.subscribe()
        stomp.node.disconnected(ConnectionID(raw: 1))
        #expect(stomp.node.rooms[10]?.members.isEmpty ?? true)
        #expect(stomp.node.stomp.connections.isEmpty)
    }

    @Test(arguments: ["client", "client-individual"])
    func windowsFillAndOpen(mode: String) throws {
        let stomp = StompHarness { $0.unacknowledgedMax = 2 }
        stomp.connect(errors: true)
        stomp.subscribe(ack: mode)
        for seq: Seq in 58...61 { stomp.event(seq) }
        let first = stomp.frames()
        #expect(first.map { $0["seq"] } == ["58", "59"])
        let ack = try #require(first.last?["ack"])
        stomp.send("ACK\nid:\(ack)\nreceipt:a\n\n^@")
        let next = stomp.frames().filter { $0.command == .message }
        #expect(next.map { $0["seq"] } == (mode == "client" ? ["60", "61"] : ["60"]))
        stomp.send("ACK\nid:\(ack)\n\n^@")
        #expect(stomp.frames().map(\.code) == ["not_found"])
        stomp.send("NACK\nid:\(try #require(next.first?["ack"]))\nreceipt:n\n\n^@")
        let rest = stomp.frames()
        #expect(rest.contains { $0.brief == "RECEIPT n" })
        #expect(rest.compactMap { $0["seq"] } == (mode == "client" ? [] : ["61"]))
        #expect(stomp.node.stompCounters.nacks == 1)
    }

    @Test(arguments: ["1.0", "1.1"])
    func olderVersionsAcknowledgeByMessageID(version: String) throws {
        stomp.connect(version: version)
        stomp.subscribe(ack: "client")
        stomp.event(58)
        let id = try #require(stomp.frames().first?["message-id"])
        #expect(stomp.node.stomp.connections[ConnectionID(raw: 1)]?.unacknowledged == 1)
        stomp.send("ACK\nsubscription:s\nmessage-id:\(id)\nreceipt:a\n\n^@")
        #expect(stomp.frames().map(\.brief) == ["RECEIPT a"])
        #expect(stomp.node.stomp.connections[ConnectionID(raw: 1)]?.unacknowledged == 0)
    }

    @Test(arguments: ["x", "9-1", "0-1", "1-99", "1--1", "1-p-", ""])
    func acksOfNothing(id: String) {
        stomp.connect(errors: true)
        stomp.subscribe(ack: "client")
        stomp.send("ACK\nid:\(id)\nreceipt:r\n\n^@")
        #expect(stomp.frames().map(\.code) == ["not_found"])
    }

    @Test func passingMessagesCanBeAcknowledgedToo() throws {
        stomp.connect()
        stomp.subscribe(ack: "client-individual")
        stomp.send("SEND\ndestination:/pub/chat/enter\n\n{\"roomId\":10}^@")
        stomp.answerEnter()
        let ack = try #require(stomp.frames().first?["ack"])
        stomp.send("ACK\nid:\(ack)\nreceipt:a\n\n^@")
        #expect(stomp.frames().map(\.brief) == ["RECEIPT a"])
        // After the end of the subscription an ACK that was on its way hurts nobody.
        stomp.send("UNSUBSCRIBE\nid:s\n\n^@ACK\nid:1-58\nreceipt:b\n\n^@")
        #expect(stomp.frames().map(\.brief) == ["RECEIPT b"])
    }

    @Test func aTransactionIsStoredAtCommit() {
        stomp.connect()
        stomp.send("BEGIN\ntransaction:t\nreceipt:b\n\n^@")
        stomp.send("SEND\ndestination:/pub/chat/room/10\ntransaction:t\nreceipt:s\n\n{\"message\":\"a\"}^@")
        #expect(stomp.frames().map(\.brief) == ["RECEIPT b"])
        #expect(stomp.harness.requests.isEmpty)
        stomp.send("COMMIT\ntransaction:t\nreceipt:c\n\n^@")
        #expect(stomp.frames().isEmpty)
        stomp.store(seq: 1)
        #expect(stomp.frames().map(\.brief) == ["RECEIPT s", "RECEIPT c"])
    }

    @Test func anAbortedTransactionIsNothing() {
        stomp.connect(errors: true)
        stomp.send("BEGIN\ntransaction:t\n\n^@")
        stomp.send("SEND\ndestination:/pub/chat/room/10\ntransaction:t\nreceipt:s\n\n{\"message\":\"a\"}^@")
        stomp.send("ABORT\ntransaction:t\nreceipt:a\n\n^@")
        #expect(stomp.frames().map(\.brief) == ["RECEIPT a"])
        #expect(stomp.harness.requests.isEmpty)
        stomp.send("COMMIT\ntransaction:t\n\n^@")
        #expect(stomp.frames().map(\.code) == ["not_found"])
    }

    private static let spoilers: [(String, String)] = [
        ("SEND\ndestination:/pub/chat/room/11\ntransaction:t\nreceipt:s\n\n{\"message\":\"a\"}^@", "invalid"),
        ("SEND\ndestination:/pub/chat/room/10\ntransaction:t\nreceipt:s\n\n{}^@", "invalid"),
        ("SEND\ndestination:/nowhere\ntransaction:t\nreceipt:s\n\n{}^@", "not_found"),
        ("SEND\ndestination:/pub/chat/enter\ntransaction:t\nreceipt:s\n\n{\"roomId\":10}^@", "invalid"),
        // Until several can be stored at once.
        ("SEND\ndestination:/pub/chat/room/10\ntransaction:t\nreceipt:s\n\n{\"message\":\"b\"}^@", "invalid"),
    ]

    @Test(arguments: spoilers)
    func whatSpoilsATransactionIsToldByCommitAlone(frame: String, code: String) {
        stomp.connect(errors: true)
        stomp.send("BEGIN\ntransaction:t\n\n^@")
        stomp.send("SEND\ndestination:/pub/chat/room/10\ntransaction:t\nreceipt:1\n\n{\"message\":\"a\"}^@")
        stomp.send(frame)
        #expect(stomp.frames().isEmpty)
        stomp.send("COMMIT\ntransaction:t\nreceipt:c\n\n^@")
        let frames = stomp.frames()
        #expect(frames.map(\.code) == [code])
        #expect(frames.first?.json["receiptId"]?.string == "c")
        #expect(stomp.harness.requests.isEmpty)
    }

    @Test func aRefusedCommitIsToldOnce() {
        stomp.connect(errors: true)
        stomp.send("BEGIN\ntransaction:t\n\n^@")
        stomp.send("SEND\ndestination:/pub/chat/room/10\ntransaction:t\nreceipt:s\n\n{\"message\":\"a\"}^@")
        stomp.send("COMMIT\ntransaction:t\nreceipt:c\n\n^@")
        stomp.refuse(.messageSend, code: "not_a_member")
        let frames = stomp.frames()
        #expect(frames.map(\.code) == ["not_a_member"])
        #expect(frames.first?.json["receiptId"]?.string == "c")
    }

    @Test func transactionsAreBounded() {
        let stomp = StompHarness {
            $0.transactionsMax = 1
            $0.transactionFramesMax = 1
            $0.transactionBytesMax = 100
        }
        stomp.connect(errors: true)
        stomp.send("BEGIN\ntransaction:t\n\n^@BEGIN\ntransaction:t\n\n^@BEGIN\ntransaction:u\n\n^@")
        #expect(stomp.frames().map(\.code) == ["already_exists", "overloaded"])
        let long = String(repeating: "x", count: 100)
        stomp.send("SEND\ndestination:/pub/chat/room/10\ntransaction:t\n\n{\"message\":\"\(long)\"}^@")
        stomp.send("COMMIT\ntransaction:t\n\n^@")
        #expect(stomp.frames().map(\.code) == ["too_large"])
        stomp.send("SEND\ndestination:/pub/chat/room/10\ntransaction:t\n\n{\"message\":\"a\"}^@")
        #expect(stomp.frames().map(\.code) == ["not_found"])
    }

    @Test func acknowledgementsWaitForCommit() throws {
        stomp.connect()
        stomp.subscribe(ack: "client")
        stomp.event(58)
        let ack = try #require(stomp.frames().first?["ack"])
        stomp.send("BEGIN\ntransaction:t\n\n^@ACK\nid:\(ack)\ntransaction:t\n\n^@")
        #expect(stomp.node.stomp.connections[ConnectionID(raw: 1)]?.unacknowledged == 1)
        stomp.send("COMMIT\ntransaction:t\nreceipt:c\n\n^@")
        #expect(stomp.frames().map(\.brief) == ["RECEIPT c"])
        #expect(stomp.node.stomp.connections[ConnectionID(raw: 1)]?.unacknowledged == 0)
    }

    @Test func disconnectWaitsForSubscribe() {
        stomp.connect()
        stomp.send("SUBSCRIBE\nid:s\ndestination:/sub/chat/room/10\nreceipt:r\n\n^@DISCONNECT\nreceipt:bye\n\n^@")
        stomp.answerEnter()
        stomp.harness.pass(milliseconds: 100)
        #expect(stomp.frames().map(\.brief) == ["RECEIPT r", "RECEIPT bye"])
        #expect(stomp.closed() == .done)
    }
}
