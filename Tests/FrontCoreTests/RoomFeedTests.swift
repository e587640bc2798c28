import Chat
import JSON
import Stomp
import Testing

@testable import FrontCore

/// GUARANTEES rules 5 and 6, and I5, I9: what a subscriber gets, event by event.
@Suite struct RoomFeedTests {
    private let harness = NodeHarness()

    private func message(_ seq: Seq, from userID: String = "A", room: RoomID = 10) -> Event {
        event(seq, .message(text: "m\(seq)", replyTo: nil, mentions: []), from: userID, room: room)
    }

    private func event(_ seq: Seq, _ content: Event.Content, from userID: String = "A", room: RoomID = 10) -> Event {
        Event(
            roomID: room, seq: seq, messageID: MessageID(high: 7, low: UInt64(seq)), userID: userID,
            createdAtMilliseconds: 1_763_700_000_000 + seq, content: content)
    }

    private func subscribe(
        _ connection: UInt64, user: String = "A", since: Seq? = nil, epoch: Int64? = nil, subscription: String = "s"
    ) -> SubscriptionKey {
        let key = SubscriptionKey(connection: ConnectionID(raw: connection), number: 1)
        harness.node.subscribe(
            SubscriptionRequest(
                key: key, roomID: 10,
                person: Person(userID: user, userName: user, sessionID: "x", expiresAtMilliseconds: .max),
                transport: .raw,
                head: StompMessageEncoder.head(
                    subscription: subscription.utf8, destination: "/sub/chat/room/10".utf8, version: .v1_2),
                acknowledges: false, since: since, epoch: epoch))
        return key
    }

    private func admit(lastSeq: Seq, epoch: Int64 = 1) throws {
        let request = try #require(harness.takeRequest(.roomEnter))
        harness.answer(
            request.headers,
            #"{"roomId":10,"roomName":"r","kind":"group","operatorsOnly":false,"role":"member","muted":false,"#
                + #""lastSeq":\#(lastSeq),"lastReadSeq":0,"epoch":\#(epoch)}"#, epoch: epoch)
    }

    private func giveNames() {
        while let request = harness.takeRequest(.userGet) {
            let id = request.value["userIds"]?.array?.first?.string ?? ""
            harness.answer(
                request.headers, #"{"users":[{"userId":"\#(id)","userName":"Name \#(id)","userStatus":""}]}"#)
        }
    }

    private func giveHistory(upTo last: Seq, limit: Int = 1000) throws {
        let request = try #require(harness.takeRequest(.roomHistory))
        let since = request.value["since"]?.integer ?? 0
        let before = request.value["before"]?.integer ?? last + 1
        let events = (since + 1..<before).prefix(limit).map { seq in
            var event = message(seq)
            event.writer = "Name A"
            var writer = JSONWriter()
            event.write(into: &writer, history: EventHistory(unreadCount: 3))
            return String(decoding: writer.bytes, as: UTF8.self)
        }
        harness.answer(
            request.headers,
            #"{"roomId":10,"epoch":1,"lastSeq":\#(last),"lastReadSeq":0,"more":false,"#
                + #""chatMessage":[\#(events.joined(separator: ","))]}"#
        )
    }

    /// The seqs in the headers of what a connection was sent.
    private func seqs(_ connection: UInt64) -> [Seq] {
        let text = harness.sent[ConnectionID(raw: connection)] ?? ""
        return text.split(separator: "\n").compactMap { $0.hasPrefix("seq:") ? Seq($0.dropFirst(4)) : nil }
    }

    @Test func fromNowOnWithoutGapOrRepeat() throws {
        _ = subscribe(1)
        harness.fact(message(4))
        harness.fact(message(5))
        harness.fact(message(6))
        try admit(lastSeq: 5)
        giveNames()
        harness.fact(message(6))
        harness.fact(message(7))
        #expect(seqs(1) == [6, 7])
        #expect(harness.sent[ConnectionID(raw: 1)]?.contains(#""writer":"Name A","message":"m6""#) == true)
    }

    @Test func aGapIsFilledFromHistoryBeforeAnythingNewer() throws {
        _ = subscribe(1)
        try admit(lastSeq: 5)
        harness.fact(message(6))
        giveNames()
        harness.fact(message(9))
        #expect(seqs(1) == [6])
        try giveHistory(upTo: 9)
        #expect(seqs(1) == [6, 7, 8, 9])
        #expect(harness.sent[ConnectionID(raw: 1)]?.contains("unreadCount") == false)
    }

    @Test func aGapWhoseQuestionFailsIsAskedAgain() throws {
        _ = subscribe(1)
        try admit(lastSeq: 5)
        harness.fact(message(8))
        let request = try #require(harness.takeRequest(.roomHistory))
        harness.answer(request.headers, #"{"error":{"code":"unavailable","message":"x"}}"#, refused: true)
        harness.pass(milliseconds: 100)
        try giveHistory(upTo: 8)
        giveNames()
        #expect(seqs(1) == [6, 7, 8])
    }

    @Test func comesBackWithSinceFromHistoryThenLive() throws {
        _ = subscribe(1, since: 2)
        try admit(lastSeq: 5)
        harness.fact(message(6))
        giveNames()
        try giveHistory(upTo: 6)
        for _ in 0..<5 {
            harness.node.drained(ConnectionID(raw: 1))
            harness.run()
        }
        harness.fact(message(7))
        #expect(seqs(1) == [3, 4, 5, 6, 7])
    }

    @Test func comesBackWithSinceFromTheCacheWithoutAQuestion() throws {
        _ = subscribe(1)
        try admit(lastSeq: 0)
        for seq in Seq(1)...10 {
            harness.fact(message(seq))
            giveNames()
        }
        _ = subscribe(2, user: "B", since: 4)
        try admit(lastSeq: 10)
        #expect(seqs(2) == [5, 6, 7, 8, 9, 10])
        #expect(harness.takeRequest(.roomHistory) == nil)
    }

    @Test func aSinceAheadOfThisFrontWaitsForIt() throws {
        _ = subscribe(1)
        try admit(lastSeq: 5)
        _ = subscribe(2, user: "B", since: 7)
        try admit(lastSeq: 7)
        harness.fact(message(6))
        giveNames()
        harness.fact(message(7))
        harness.fact(message(8))
        #expect(seqs(1) == [6, 7, 8])
        #expect(seqs(2) == [8])
    }

    @Test(arguments: [(99, nil), (3, 1)] as [(Seq, Int64?)])
    func resetWhereSinceIsBeyondOrTheEpochIsOlder(since: Seq, epoch: Int64?) throws {
        _ = subscribe(1, since: since, epoch: epoch)
        try admit(lastSeq: 5, epoch: 2)
        #expect(
            harness.sent[ConnectionID(raw: 1)]?.contains(#"{"type":"RESET","roomId":10,"epoch":2,"lastSeq":5}"#) == true
        )
        harness.fact(message(6), epoch: 2)
        giveNames()
        #expect(seqs(1) == [6])
    }

    @Test func whoIsRemovedGetsTheirOwnLeaveLast() throws {
        _ = subscribe(1, user: "A")
        try admit(lastSeq: 0)
        _ = subscribe(2, user: "B")
        try admit(lastSeq: 0)
        harness.fact(event(1, .leave(targetID: "B", targetName: nil)))
        giveNames()
        harness.fact(message(2))
        #expect(seqs(1) == [1, 2])
        #expect(seqs(2) == [1])
        #expect(harness.sent[ConnectionID(raw: 2)]?.contains(#""targetId":"B","targetName":"Name B""#) == true)
    }

    @Test func anAnswerOlderThanTheRemovalDoesNotLetIn() throws {
        _ = subscribe(1, user: "A")
        try admit(lastSeq: 0)
        _ = subscribe(2, user: "B")
        let late = try #require(harness.takeRequest(.roomEnter))
        harness.fact(event(1, .leave(targetID: "B", targetName: nil)))
        giveNames()
        harness.answer(
            late.headers,
            #"{"roomId":10,"roomName":"r","kind":"group","role":"member","muted":false,"#
                + #""lastSeq":0,"lastReadSeq":0,"epoch":1}"#
        )
        let again = try #require(harness.takeRequest(.roomEnter))
        harness.answer(again.headers, #"{"error":{"code":"not_a_member","message":"no"}}"#, refused: true)
        harness.fact(message(2))
        #expect(seqs(2) == [])
    }

    @Test func sameSubscriptionsShareOneEncoding() throws {
        for connection in UInt64(1)...3 {
            _ = subscribe(connection)
            try admit(lastSeq: 0)
        }
        _ = subscribe(4, subscription: "other")
        try admit(lastSeq: 0)
        harness.fact(message(1))
        giveNames()
        harness.node.clock.monotonicMilliseconds += 1
        Array("10".utf8).withUnsafeBytes { key in
            for seq in Seq(2)...3 {
                message(seq).json.withUnsafeBytes { harness.node.fact(key: key, epoch: 1, value: $0) }
            }
        }
        let fanOuts = harness.node.takeActions().compactMap { action -> [ConnectionID]? in
            if case .fanOut(_, let connections) = action { connections } else { nil }
        }
        #expect(fanOuts.map(\.count).sorted() == [1, 3])
    }

    @Test func unsubscribingInTheSameTurnKeepsWhatCameBefore() throws {
        let key = subscribe(1)
        try admit(lastSeq: 0)
        harness.fact(message(1))
        giveNames()
        Array("10".utf8).withUnsafeBytes { room in
            message(2).json.withUnsafeBytes { harness.node.fact(key: room, epoch: 1, value: $0) }
            harness.node.unsubscribe(key, roomID: 10)
            message(3).json.withUnsafeBytes { harness.node.fact(key: room, epoch: 1, value: $0) }
        }
        harness.run()
        #expect(seqs(1) == [1, 2])
    }

    @Test func roomsNobodyComesBackToAreForgotten() throws {
        let key = subscribe(1)
        try admit(lastSeq: 0)
        harness.node.unsubscribe(key, roomID: 10)
        harness.pass(milliseconds: 30_000)
        #expect(harness.node.rooms.count == 1)
        harness.pass(milliseconds: 31_000)
        #expect(harness.node.rooms.isEmpty)
    }

    @Test func lostFactsAreFetched() throws {
        _ = subscribe(1)
        try admit(lastSeq: 5)
        harness.node.lostFacts()
        try giveHistory(upTo: 8)
        #expect(seqs(1) == [6, 7, 8])
    }
}
