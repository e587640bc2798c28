import Stomp
import Testing

@testable import Client

/// What `madang chat` does, without a network: frames in, frames and lines out.
@Suite struct ChatConversationTests {
    typealias Effect = ChatConversation.Effect

    private func conversation(room: Int64? = 10) -> ChatConversation {
        var made = ChatConversation(userId: "A", userName: "김에이") { _ in "12:30" }
        if let room { _ = made.enter(.init(id: room, lastSeq: 5, epoch: 1)) }
        return made
    }

    private func frame(_ command: StompCommand, _ headers: [(String, String)], body: String = "") throws -> StompFrame {
        var writer = StompWriter(version: .v1_2)
        writer.begin(command)
        for (name, value) in headers { writer.header(named: name, value) }
        if body.isEmpty { writer.end() } else { writer.end(body: body.utf8) }
        var reader = StompFrameReader(version: .v1_2)
        var frames: [StompFrame] = []
        try reader.receive(writer.bytes, into: &frames)
        return try #require(frames.first)
    }

    private func message(_ seq: Int, _ user: String, _ text: String, id: String = "m", type: String = "MESSAGE") throws
        -> StompFrame
    {
        let body =
            #"{"type":"\#(type)","roomId":10,"seq":\#(seq),"messageId":"\#(id)","userId":"\#(user)","#
            + #""writer":"\#(user)","targetId":"A","message":"\#(text)","createdAt":"2026-11-21T04:10:00.123Z"}"#
        return try frame(.message, [("subscription", "room-10"), ("epoch", "1")], body: body)
    }

    /// The frames among `effects`, as the server reads them.
    private func sent(_ effects: [Effect]) throws -> [StompFrame] {
        var reader = StompFrameReader(version: .v1_2)
        var frames: [StompFrame] = []
        for case .send(let octets) in effects { try reader.receive(octets, into: &frames) }
        return frames
    }

    private func shown(_ effects: [Effect]) -> [String] {
        effects.compactMap { effect in
            switch effect {
            case .show(let text), .showPending(_, let text), .confirm(_, let text), .fail(_, let text): text
            case .send, .logIn: nil
            }
        }
    }

    @Test func aSessionBeginsBehindWhatWasSeen() throws {
        var conversation = conversation()
        let frames = try sent(conversation.connected(version: .v1_2, now: 0))
        #expect(frames.map { $0["destination"] } == ["/user/queue/errors", "/sub/chat/room/10", "/pub/chat/enter"])
        #expect(frames[1]["since"] == "5")
        #expect(frames[1]["epoch"] == "1")
        #expect(frames[2].bodyText == #"{"roomId":10}"#)

        #expect(shown(conversation.received(try message(6, "B", "hi"), now: 0)) == ["12:30 B: hi"])
        // What was seen is not shown again, and what is asked for after a restart begins behind it.
        #expect(conversation.received(try message(6, "B", "hi"), now: 0) == [])
        conversation.disconnected()
        #expect(try sent(conversation.connected(version: .v1_2, now: 0))[1]["since"] == "6")
    }

    @Test func whatIsSaidIsConfirmedByTheEventItself() throws {
        var conversation = conversation()
        _ = conversation.connected(version: .v1_2, now: 0)
        let said = conversation.say("hello", key: "k1", now: 0)
        #expect(shown(said) == ["12:30 … 김에이: hello"])
        let send = try #require(try sent(said).first)
        #expect(send["destination"] == "/pub/chat/room/10")
        #expect(send["idempotency-key"] == "k1")
        #expect(send["receipt"] == "say:k1")
        #expect(send.bodyText == "hello")

        let receipt = try frame(.receipt, [("receipt-id", "say:k1"), ("seq", "6"), ("message-id", "m6")])
        #expect(conversation.received(receipt, now: 0) == [])
        #expect(conversation.pending.count == 1)
        let event = try message(6, "A", "hello", id: "m6")
        #expect(conversation.received(event, now: 0) == [.confirm(key: "k1", text: "12:30 A: hello")])
        #expect(conversation.pending.isEmpty)
    }

    @Test func theEventMayComeBeforeTheReceipt() throws {
        var conversation = conversation()
        _ = conversation.connected(version: .v1_2, now: 0)
        _ = conversation.say("same", key: "k1", now: 0)
        _ = conversation.say("same", key: "k2", now: 0)
        #expect(
            conversation.received(try message(6, "A", "same"), now: 0) == [.confirm(key: "k1", text: "12:30 A: same")])
        let receipt = try frame(.receipt, [("receipt-id", "say:k1"), ("seq", "6"), ("message-id", "m6")])
        #expect(conversation.received(receipt, now: 0) == [])
        #expect(conversation.pending.map(\.key) == ["k2"])
    }

    @Test func aReceiptConfirmsWhatWasSeenInAnotherRoom() throws {
        var conversation = conversation()
        _ = conversation.connected(version: .v1_2, now: 0)
        _ = conversation.say("bye", key: "k1", now: 0)
        let moved = try sent(conversation.enter(.init(id: 11, lastSeq: 0, epoch: 1)))
        #expect(moved.map(\.command) == [.unsubscribe, .subscribe, .send])
        let receipt = try frame(.receipt, [("receipt-id", "say:k1"), ("seq", "6"), ("message-id", "m6")])
        #expect(conversation.received(receipt, now: 0) == [.confirm(key: "k1", text: "12:30 김에이: bye")])
        #expect(conversation.pending.isEmpty)
    }

    @Test func unconfirmedWordsGoOutAgainInOrderUnderTheirKeys() throws {
        var conversation = conversation()
        #expect(try sent(conversation.say("one", key: "k1", now: 0)).isEmpty)
        let frames = try sent(conversation.connected(version: .v1_2, now: 0))
        #expect(frames.last?["idempotency-key"] == "k1")
        _ = conversation.say("two", key: "k2", now: 0)
        conversation.disconnected()
        #expect(conversation.tick(now: 60_000) == [])
        let again = try sent(conversation.connected(version: .v1_2, now: 60_000)).suffix(2)
        #expect(again.map(\.bodyText) == ["one", "two"])
        #expect(again.map { $0["idempotency-key"] } == ["k1", "k2"])
        #expect(conversation.tick(now: 69_999) == [])
        #expect(try sent(conversation.tick(now: 70_000)).map(\.bodyText) == ["one", "two"])
    }

    @Test func refusals() throws {
        var conversation = conversation()
        _ = conversation.connected(version: .v1_2, now: 0)
        _ = conversation.say("one", key: "k1", now: 0)
        func refuse(_ code: String, _ receipt: String, _ retryAfter: String = "null") throws -> StompFrame {
            try frame(
                .message, [("subscription", "errors")],
                body: #"{"error":{"code":"\#(code)","message":"no"},"receiptId":"\#(receipt)","#
                    + #""destination":"/x","retryAfter":\#(retryAfter)}"#)
        }
        #expect(conversation.received(try refuse("rate_limited", "say:k1", "3"), now: 1_000) == [])
        #expect(conversation.tick(now: 3_999) == [])
        #expect(try sent(conversation.tick(now: 4_000)).count == 1)
        #expect(
            shown(conversation.received(try refuse("forbidden", "say:k1"), now: 5_000)) == [
                "12:30 ✗ 김에이: one -- not sent (forbidden): no"
            ])
        #expect(conversation.pending.isEmpty)

        _ = conversation.say("two", key: "k2", now: 0)
        #expect(conversation.received(try refuse("not_confirmed", "say:k2"), now: 119_999) == [])
        #expect(conversation.received(try refuse("not_confirmed", "say:k2"), now: 120_000).count == 1)
        #expect(
            shown(conversation.received(try refuse("not_a_member", "sub:10"), now: 0)) == [
                "-- refused (not_a_member): no"
            ])
        #expect(conversation.room == nil)
        #expect(shown(conversation.say("x", key: "k3", now: 0)) == ["-- enter a room first: /rooms, /join N"])
    }

    @Test func aResetIsShownAndFollowed() throws {
        var conversation = conversation()
        _ = conversation.connected(version: .v1_2, now: 0)
        let reset = try frame(
            .message, [("subscription", "room-10")], body: #"{"type":"RESET","roomId":10,"epoch":2,"lastSeq":3}"#)
        #expect(shown(conversation.received(reset, now: 0)).first?.contains("#3 (epoch 2)") == true)
        #expect(conversation.room == .init(id: 10, lastSeq: 3, epoch: 2))
        #expect(shown(conversation.received(try message(4, "B", "hi"), now: 0)) == ["12:30 B: hi"])
    }

    @Test func beingRemovedEndsTheRoom() throws {
        var conversation = conversation()
        _ = conversation.connected(version: .v1_2, now: 0)
        let lines = shown(conversation.received(try message(6, "B", "", type: "LEAVE"), now: 0))
        #expect(lines == ["12:30 -- A was removed by B", "-- you are no longer in this room"])
        #expect(conversation.room == nil)
    }

    @Test func errorsOfTheConnection() throws {
        var conversation = conversation()
        let ended = try frame(.error, [("message", "unauthenticated")], body: "x")
        #expect(conversation.received(ended, now: 0) == [.logIn])
        let other = try frame(.error, [("message", "too_large")], body: #"{"error":{"message":"big\u001b[2J"}}"#)
        #expect(
            shown(conversation.received(other, now: 0)) == [
                "-- the server ends the connection (too_large): big\u{FFFD}[2J"
            ])
        // Nothing that is not JSON, or of another room, hurts.
        let garbage = try frame(.message, [("subscription", "room-10")], body: "{")
        #expect(conversation.received(garbage, now: 0) == [])
    }

    @Test func wordsNeverSteerTheTerminal() {
        #expect("a\u{1B}[31m\u{7}b\u{202E}c\n\td\r".withoutControls == "a\u{FFFD}[31m\u{FFFD}b\u{FFFD}c\n\td\u{FFFD}")
    }
}
