import Chat
import Crypto
import JSON
import Stomp
import Testing

@testable import FrontCore

/// SEND: every dialect, every refusal, and what RECEIPT means.
@Suite struct StompSendTests {
    private let stomp = StompHarness()

    @Test(
        "each row of the table of dialects",
        arguments: [
            ("/pub/chat/room/10", "content-type:text/plain\n", " hi ", " hi "),
            ("/pub/chat/room/10", "content-type:text/plain;charset=utf-8\n", "안녕?", "안녕?"),
            ("/pub/chat/room/10", "content-type:Text/Plain; charset=\"UTF-8\"\n", "{}", "{}"),
            ("/pub/chat/room/10", "", #"{"message":"hi","roomId":99}"#, "hi"),
            ("/pub/chat/room/10", "content-type:application/json\n", #"{"message":"hi"}"#, "hi"),
            ("/pub/chat/message", "", #"{"roomId":10,"message":"hi","writer":"B"}"#, "hi"),
            ("/pub/chat/message", "content-type:text/plain\n", #"{"roomId":"10","message":"hi"}"#, "hi"),
            ("/publish/chat", "", #"{"chatRoomId":10,"writer":"B","message":"hi"}"#, "hi"),
            ("/publish/chat", "", #"{"chatRoomId":10,"type":"MESSAGE","message":"hi"}"#, "hi"),
            ("/publish/chat", "", #"{"chatRoomId":"10","type":"TALK","message":"hi"}"#, "hi"),
            ("/app/message", "", #"{"roomId":10,"message":"hi"}"#, "hi"),
            ("/app/message", "", #"{"roomId":10,"content":"hi"}"#, "hi"),
        ])
    func dialects(destination: String, header: String, body: String, text: String) throws {
        stomp.connect()
        stomp.send("SEND\ndestination:\(destination)\n\(header)receipt:r\n\n\(body)^@")
        #expect(stomp.frames().isEmpty)
        let request = try #require(stomp.harness.requests.first)
        #expect(request.headers.userID == "A")
        #expect(String(decoding: request.key, as: UTF8.self) == "10")
        #expect(String(decoding: request.value, as: UTF8.self).hasPrefix(#"{"roomId":10,"message":"#))
        #expect(try #require(stomp.store(seq: 42))["message"]?.string == text)
        let receipt = try #require(stomp.frames().first)
        #expect(receipt.brief == "RECEIPT r")
        #expect(receipt["message-id"] == request.headers.messageID?.description)
        #expect(receipt["seq"] == "42" && receipt["epoch"] == "1")
    }

    @Test func repliesAndMentions() throws {
        stomp.connect()
        stomp.send(
            #"SEND"# + "\ndestination:/pub/chat/room/10\n\n" + #"{"message":"x","replyTo":5,"mentions":["B","B"]}"#
                + "^@")
        let value = try #require(stomp.harness.takeRequest(.messageSend)).value
        #expect(value["replyTo"]?.integer == 5)
        #expect(value["mentions"]?.array?.compactMap(\.string) == ["B"])
    }

    private static let refusals: [(String, String, String, String)] = [
        ("/pub/chat/room/abc", "", #"{"message":"hi"}"#, "not_found"),
        ("/pub/chat/room/", "", #"{"message":"hi"}"#, "not_found"),
        ("/pub/chat/room/010", "", #"{"message":"hi"}"#, "not_found"),
        ("/pub/chat/room/99999999999999999999", "", #"{"message":"hi"}"#, "not_a_member"),
        ("/pub/chat/room/*", "", #"{"message":"hi"}"#, "forbidden"),
        ("/pub/chat/>", "", #"{"message":"hi"}"#, "forbidden"),
        ("/sub/chat/room/10", "", #"{"message":"hi"}"#, "forbidden"),
        ("/user/queue/errors", "", "{}", "forbidden"),
        ("/user/B/queue/errors", "", "{}", "forbidden"),
        ("/pub/chat/typing", "", #"{"roomId":10}"#, "not_found"),
        ("/nowhere", "", "{}", "not_found"),
        ("/pub/chat/room/10", "", "hi", "bad_request"),
        ("/pub/chat/room/10", "", "", "bad_request"),
        ("/pub/chat/room/10", "", "[]", "bad_request"),
        ("/pub/chat/room/10", "", "{}", "invalid"),
        ("/pub/chat/room/10", "", #"{"message":5}"#, "invalid"),
        ("/pub/chat/room/10", "", #"{"message":" \n"}"#, "invalid"),
        ("/pub/chat/room/10", "", #"{"message":"a\u0000b"}"#, "invalid"),
        ("/pub/chat/room/10", "", #"{"message":"a","replyTo":"x"}"#, "invalid"),
        ("/pub/chat/room/10", "", #"{"message":"a","mentions":[1]}"#, "invalid"),
        ("/pub/chat/room/10", "", String(repeating: "[", count: 40), "bad_request"),
        ("/pub/chat/room/10", "content-type:text/plain\n", "", "invalid"),
        ("/pub/chat/room/10", "content-type:text/plain;charset=euc-kr\n", "hi", "invalid"),
        ("/pub/chat/room/10", "content-type:text/plain\n", String(repeating: "x", count: 65_537), "too_large"),
        ("/pub/chat/room/10", "idempotency-key:a b\n", #"{"message":"hi"}"#, "bad_request"),
        ("/pub/chat/message", "", #"{"message":"hi"}"#, "invalid"),
        ("/pub/chat/message", "", #"{"roomId":"x","message":"hi"}"#, "invalid"),
        ("/pub/chat/message", "", #"{"roomId":-1,"message":"hi"}"#, "invalid"),
        ("/publish/chat", "", #"{"chatRoomId":10,"type":"DANCE","message":"hi"}"#, "invalid"),
        ("/app/message", "", #"{"roomId":10}"#, "invalid"),
        ("/pub/chat/read", "", #"{"roomId":10}"#, "invalid"),
    ]

    @Test("refused before a backend is asked: on the errors queue, the connection lives", arguments: refusals)
    func refusedOnTheQueue(destination: String, header: String, body: String, code: String) throws {
        stomp.connect(errors: true)
        for receipt in ["", "receipt:r\n"] {
            stomp.send("SEND\ndestination:\(destination)\n\(header)\(receipt)\n\(body)^@")
            let frame = try #require(stomp.frames().first)
            #expect(frame.brief == "MESSAGE e")
            #expect(frame["destination"] == "/user/queue/errors")
            #expect(frame["content-type"] == "application/json;charset=utf-8")
            #expect(frame.code == code)
            #expect(frame.json["error"]?["message"]?.string?.isEmpty == false)
            #expect(frame.json["destination"]?.string == destination)
            #expect(frame.json["receiptId"] == (receipt.isEmpty ? .null : .string("r")))
        }
        #expect(stomp.closed() == nil && stomp.harness.requests.isEmpty)
    }

    @Test("refused without an errors queue: ERROR and close", arguments: refusals)
    func refusedWithError(destination: String, header: String, body: String, code: String) throws {
        stomp.connect()
        stomp.send("SEND\ndestination:\(destination)\n\(header)receipt:r\n\n\(body)^@")
        let frame = try #require(stomp.frames().first)
        #expect(frame.brief == "ERROR \(code)")
        #expect(frame["receipt-id"] == "r")
        #expect(frame.code == code)
        #expect(frame.json["error"]?["requestId"]?.string?.count == 36)
        #expect(stomp.closed() == .protocolError)
    }

    @Test func textThatIsNotUTF8IsRefused() throws {
        stomp.connect(errors: true)
        let saying = StompFrame.of(
            "SEND\ndestination:/pub/chat/room/10\ncontent-type:text/plain\n\n", body: [0xFF, 0xFE])
        saying.withView { _ = stomp.node.received(ConnectionID(raw: 1), $0) }
        #expect(stomp.frames().first?.code == "bad_request")
    }

    @Test(arguments: ["not_a_member", "forbidden", "rate_limited", "already_exists"])
    func whatABackendRefuses(code: String) throws {
        stomp.connect(errors: true)
        stomp.send("SEND\ndestination:/pub/chat/room/10\nreceipt:r\n\n{\"message\":\"hi\"}^@")
        stomp.refuse(.messageSend, code: code)
        let frame = try #require(stomp.frames().first)
        #expect(frame.code == code)
        #expect(frame.json["receiptId"]?.string == "r")
        #expect((frame.json["retryAfter"]?.integer != nil) == (code == "rate_limited"))
        #expect(stomp.closed() == nil)
    }

    @Test func whatIsNotConfirmedInTimeIsToldSo() {
        stomp.connect(errors: true)
        stomp.send("SEND\ndestination:/pub/chat/room/10\n\n{\"message\":\"hi\"}^@")
        stomp.harness.pass(milliseconds: 29_000)
        #expect(stomp.frames().isEmpty)
        stomp.harness.pass(milliseconds: 2_000)
        #expect(stomp.frames().map(\.code) == ["not_confirmed"])
        #expect(stomp.node.stompCounters.refused == [.notConfirmed: 1])
    }

    @Test func anIdempotencyKeyIsTheMessageID() throws {
        stomp.connect()
        for room in [10, 10, 11] {
            stomp.send("SEND\ndestination:/pub/chat/room/\(room)\nidempotency-key:k-1\n\n{\"message\":\"hi\"}^@")
        }
        let ids = try (0..<3).map { _ in
            try #require(stomp.harness.takeRequest(.messageSend)?.headers.messageID)
        }
        #expect(ids[0] == ids[1] && ids[1] != ids[2])
        #expect(ids[0] == MessageID(digest: SHA256.hash(MessageID.keyInput(scope: 10, userID: "A", key: "k-1"))))
        #expect(ids[0].version == 8)
    }

    @Test func tooMuchUnderWayStopsReading() {
        let stomp = StompHarness { $0.pendingPerConnectionMax = 4 }
        stomp.connect()
        for _ in 0..<4 { stomp.send("SEND\ndestination:/pub/chat/room/10\nreceipt:r\n\n{\"message\":\"hi\"}^@") }
        #expect(stomp.harness.reading[ConnectionID(raw: 1)] == false)
        stomp.harness.pass(milliseconds: 20_000)
        stomp.store(seq: 1)
        #expect(stomp.harness.reading[ConnectionID(raw: 1)] == false)
        stomp.store(seq: 2)
        #expect(stomp.harness.reading[ConnectionID(raw: 1)] == true)
        #expect(stomp.frames().count == 2)
    }

    @Test func webSocketsGetEachFrameAsAMessage() {
        stomp.open(as: StompHarness.person("A"), transport: .webSocket)
        stomp.send(
            "CONNECT\naccept-version:1.2\n\n^@SEND\ndestination:/pub/chat/room/10\nreceipt:r\n\n{\"message\":\"hi\"}^@")
        stomp.harness.sent.removeAll()
        stomp.store(seq: 7)
        let text = stomp.harness.sent[ConnectionID(raw: 1)] ?? ""
        #expect(text.utf8.count > 2)
        #expect(text.hasSuffix("\0") && text.contains("RECEIPT\nreceipt-id:r\n"))
    }

    @Test func entersARoom() throws {
        stomp.connect()
        stomp.send("SEND\ndestination:/pub/chat/enter\nreceipt:r\n\n{\"roomId\":10}^@")
        stomp.answerEnter()
        let frame = try #require(stomp.frames().first)
        #expect(frame.brief == "RECEIPT r" && frame["last-read-seq"] == "41" && frame["last-seq"] == "57")
        #expect(stomp.harness.requests.isEmpty)
    }

    @Test(arguments: ["/user/queue/notifications", "/sub/chat/room/10"])
    func enteredGoesToTheSubscription(destination: String) throws {
        stomp.connect()
        stomp.send("SUBSCRIBE\nid:n\ndestination:\(destination)\n\n^@")
        stomp.answerEnter()
        stomp.send("SEND\ndestination:/publish/chat\nreceipt:r\n\n{\"chatRoomId\":10,\"type\":\"ENTER\"}^@")
        stomp.answerEnter()
        let frames = stomp.frames()
        #expect(frames.map(\.brief) == ["MESSAGE n", "RECEIPT r"])
        #expect(frames[0]["destination"] == destination)
        #expect(frames[0].bodyText == #"{"type":"ENTERED","roomId":10,"lastReadSeq":41,"lastSeq":57}"#)
    }

    @Test func enteringAnOpenRoomMakesAMember() throws {
        stomp.connect()
        stomp.send("SEND\ndestination:/pub/chat/enter\nreceipt:r\n\n{\"roomId\":10}^@")
        stomp.answerEnter(kind: "open", role: nil, lastSeq: 57, lastRead: 0)
        let join = try #require(stomp.harness.takeRequest(.memberAdd))
        #expect(join.value["userIds"]?.array?.compactMap(\.string) == ["A"])
        stomp.harness.answer(join.headers, #"{"roomId":10}"#)
        #expect(stomp.frames().isEmpty)
        stomp.answerEnter(kind: "open", lastSeq: 58, lastRead: 58)
        #expect(stomp.frames().first?["last-seq"] == "58")
    }

    @Test(arguments: ["ask", "join", "again"])
    func enteringIsRefused(at step: String) {
        stomp.connect(errors: true)
        stomp.send("SEND\ndestination:/pub/chat/enter\nreceipt:r\n\n{\"roomId\":10}^@")
        if step == "ask" { stomp.refuse(.roomEnter, code: "not_a_member") }
        stomp.answerEnter(kind: "open", role: nil)
        if step == "join" { stomp.refuse(.memberAdd, code: "not_a_member") }
        if let join = stomp.harness.takeRequest(.memberAdd) { stomp.harness.answer(join.headers, #"{"roomId":10}"#) }
        stomp.refuse(.roomEnter, code: "not_a_member")
        #expect(stomp.frames().map(\.code) == ["not_a_member"])
    }

    @Test func movesTheReadPosition() throws {
        stomp.connect()
        stomp.send("SEND\ndestination:/pub/chat/read\nreceipt:r\n\n{\"roomId\":10,\"seq\":57}^@")
        let request = try #require(stomp.harness.takeRequest(.readMove))
        #expect(request.value["seq"]?.integer == 57)
        #expect(stomp.frames().isEmpty)
        stomp.harness.answer(request.headers, #"{"roomId":10}"#)
        #expect(stomp.frames().map(\.brief) == ["RECEIPT r"])
    }

    @Test func disconnectWaitsForEarlierSends() {
        stomp.connect()
        stomp.send("SEND\ndestination:/pub/chat/room/10\nreceipt:1\n\n{\"message\":\"a\"}^@")
        stomp.send("SEND\ndestination:/pub/chat/room/10\n\n{\"message\":\"b\"}^@")
        stomp.send("DISCONNECT\nreceipt:bye\n\n^@SEND\ndestination:/pub/chat/room/10\n\n{\"message\":\"late\"}^@")
        stomp.store(seq: 1)
        #expect(stomp.frames().map(\.brief) == ["RECEIPT 1"])
        #expect(stomp.closed() == nil)
        stomp.store(seq: 2)
        #expect(stomp.frames().map(\.brief) == ["RECEIPT bye"])
        #expect(stomp.closed() == .done)
        #expect(stomp.store(seq: 3) == nil)
        #expect(stomp.node.stomp.perUser.isEmpty)
    }

    @Test func disconnectWithNothingUnderWay() {
        stomp.connect(1)
        stomp.send(1, "DISCONNECT\nreceipt:bye\n\n^@")
        #expect(stomp.frames(1).map(\.brief) == ["RECEIPT bye"])
        #expect(stomp.closed(1) == .done)
        stomp.connect(2)
        stomp.send(2, "DISCONNECT\n\n^@")
        #expect(stomp.frames(2).isEmpty)
        #expect(stomp.closed(2) == .done)
    }

    @Test func answersToConnectionsThatAreGone() {
        stomp.connect()
        stomp.send("SEND\ndestination:/pub/chat/room/10\nreceipt:1\n\n{\"message\":\"a\"}^@")
        stomp.node.disconnected(ConnectionID(raw: 1))
        stomp.store(seq: 1)
        #expect(stomp.frames().isEmpty && stomp.node.pending.isEmpty)
    }
}

extension StompFrame {
    /// A frame with any octets for a body.
    static func of(_ head: String, body: [UInt8]) -> StompFrame {
        var reader = StompFrameReader(version: .v1_2)
        var frames: [StompFrame] = []
        try? reader.receive(Array(head.utf8) + body + [0], into: &frames)
        return frames[0]
    }
}
