import Foundation
import TestSupport
import Testing

/// CONTRACT section 3, by hand-driven sessions.
@Suite(.serialized) struct StompTests {
    private func port(_ front: Int = 1) throws -> UInt16 { try Shared.front(front).port }

    /// Two people in a room of their own, the first at front 1, the second at front 2.
    private func pair() throws -> (room: Int, one: StompClient, two: StompClient, ids: [String]) {
        let (one, two) = (try Shared.person(), try Shared.person())
        let room = try Shared.room(one.call, with: [two.id])
        return (
            room, try .connected(port: try port(1), one.id), try .connected(port: try port(2), two.id, path: "/ws"),
            [one.id, two.id]
        )
    }

    @Test func twoPeopleOnTwoFrontsHearEachOther() throws {
        let (room, one, two, ids) = try pair()
        for client in [one, two] { try client.subscribe("/sub/chat/room/\(room)") }
        var receipts: [StompFrame] = []
        for turn in 0..<10 {
            let (client, text) = turn.isMultiple(of: 2) ? (one, "a\(turn)") : (two, "b\(turn)")
            receipts.append(try client.receipt(try client.say(text, room: room)))
        }
        #expect(receipts.compactMap { $0["seq"] } == (1...10).map(String.init))
        for client in [one, two] {
            _ = try client.wait { $0.command == "MESSAGE" && $0["seq"] == "10" }
            let messages = client.frames.filter { $0.command == "MESSAGE" }
            #expect(messages.compactMap { $0["seq"] } == (1...10).map(String.init))
            #expect(messages.map { $0["message-id"] } == receipts.map { $0["message-id"] })
            #expect(
                messages.map { $0.json["message"] as? String } == (0..<10).map { ($0 % 2 == 0 ? "a" : "b") + "\($0)" })
            #expect(messages.map { $0.json["userId"] as? String } == (0..<10).map { ids[$0 % 2] })
        }
        let message = try one.wait { $0.command == "MESSAGE" }
        #expect(message["subscription"] == "0" && message["destination"] == "/sub/chat/room/\(room)")
        #expect(message["content-type"] == "application/json;charset=utf-8" && message["epoch"] == "1")
        #expect(message["content-length"] == "\(message.body.utf8.count)")
        let fields = [
            "\"type\":\"MESSAGE\"", "\"roomId\":\(room)", "\"seq\":1", "\"writer\":\"\(ids[0].uppercased())\"",
        ]
        for field in fields { #expect(message.body.contains(field)) }
    }

    @Test func connectedSaysWhoAndHow() throws {
        let person = try Shared.person()
        let client = try StompClient(port: try port())
        try client.send(
            "CONNECT",
            ["accept-version": "1.0,1.1,1.2", "login": person.id, "passcode": "demo", "heart-beat": "500,20000"])
        let connected = try client.wait { $0.command == "CONNECTED" }
        #expect(connected["version"] == "1.2" && connected["user-name"] == person.id)
        #expect(connected["server"]?.lowercased().contains("madang") == true && connected["session"]?.isEmpty == false)
        #expect(connected["heart-beat"] == "20000,1000", "held between 1000 and 60000")
    }

    @Test func everyWayOfLoggingIn() throws {
        let person = try Shared.person()
        let token = try #require(person.call.token)
        let origin = "http://127.0.0.1:\(try port())"
        let ways: [(handshake: [String: String], connect: [String: String])] = [
            (["Authorization": "Bearer \(token)"], [:]), (["Cookie": "session=\(token)", "Origin": origin], [:]),
            ([:], ["Authorization": "Bearer \(token)"]), ([:], ["login": person.id, "passcode": token]),
            ([:], ["login": person.id, "passcode": "demo"]),
            (["Cookie": "session=nonsense", "Origin": origin], ["login": person.id, "passcode": "demo"]),
        ]
        for (index, way) in ways.enumerated() {
            let client = try StompClient(port: try port(), headers: way.handshake)
            try client.send("STOMP", way.connect.merging(["accept-version": "1.2"]) { $1 })
            let connected = try client.wait { $0.command == "CONNECTED" || $0.command == "ERROR" }
            #expect(connected.command == "CONNECTED" && connected["user-name"] == person.id, "way \(index)")
        }
        // The same without an Origin: the cookie does not count.
        let stray = try StompClient(port: try port(), headers: ["Cookie": "session=\(token)"])
        try stray.send("CONNECT", ["accept-version": "1.2"])
        #expect(try stray.wait { $0.command == "ERROR" }["message"] == "unauthenticated")
    }

    @Test(arguments: [["login": "alice", "passcode": "wrong"], [:], ["Authorization": "Bearer x"]])
    func aWrongLogInIsAnErrorAndTheEnd(headers: [String: String]) throws {
        let client = try StompClient(port: try port())
        try client.send("CONNECT", headers.merging(["accept-version": "1.2"]) { $1 })
        let error = try client.wait { $0.command == "ERROR" }
        #expect(error["message"] == "unauthenticated")
        #expect(try client.closing() == 1008)
    }

    @Test func sinceGivesWhatWasMissed() throws {
        let (room, one, two, _) = try pair()
        for number in 1...5 { try one.receipt(try one.say("\(number)", room: room)) }
        let receipt = try two.subscribe("/sub/chat/room/\(room)", since: 2, epoch: 1)
        #expect(receipt["seq"] == "2" && receipt["epoch"] == "1")
        try one.receipt(try one.say("6", room: room))
        _ = try two.wait { $0["seq"] == "6" && $0.command == "MESSAGE" }
        #expect(two.events().compactMap { $0["seq"] as? Int } == [3, 4, 5, 6])
        let live = try one.subscribe("/sub/chat/room/\(room)", id: "live")
        #expect(live["seq"] == "6")
    }

    @Test func aSinceFromTheFutureIsReset() throws {
        let (room, one, _, _) = try pair()
        let receipt = try one.subscribe("/sub/chat/room/\(room)", since: 7)
        let reset = try one.wait { $0.command == "MESSAGE" }.json
        #expect(reset["type"] as? String == "RESET" && reset["lastSeq"] as? Int == 0 && reset["epoch"] as? Int == 1)
        #expect(receipt.command == "RECEIPT")
        try one.receipt(try one.say("on", room: room))
        _ = try one.wait { $0["seq"] == "1" && $0.command == "MESSAGE" }
    }

    @Test func aKeyHoldsOverTransportsToo() throws {
        let (room, one, _, ids) = try pair()
        let first = try one.receipt(try one.say("x", room: room, key: "k"))
        let again = try one.receipt(try one.say("x", room: room, key: "k"))
        #expect(first["seq"] == again["seq"] && first["message-id"] == again["message-id"])
        let caller = try Shared.front().loggedIn(ids[0])
        let answer = try caller("POST", "/chat/\(room)", json(["message": "x"]), headers: ["Idempotency-Key": "k"])
        #expect(answer.json["messageId"] as? String == first["message-id"])
    }

    @Test func everyDestinationOfTheTableSpeaks() throws {
        let (room, one, two, _) = try pair()
        let subscriptions = [
            "/sub/chat/room/\(room)", "/subscribe/chat/room/\(room)", "/queue/chat-rooms/\(room)",
            "/topic/chat/room/\(room)",
        ]
        for (index, destination) in subscriptions.enumerated() { try two.subscribe(destination, id: "\(index)") }
        let sends: [(destination: String, type: String, body: String)] = [
            ("/pub/chat/room/\(room)", "text/plain", "m1"),
            ("/pub/chat/room/\(room)", "application/json", "{\"message\":\"m2\",\"roomId\":99,\"writer\":\"eve\"}"),
            ("/pub/chat/message", "application/json", "{\"roomId\":\(room),\"message\":\"m3\"}"),
            ("/pub/chat/message", "application/json", "{\"roomId\":\"\(room)\",\"message\":\"m4\"}"),
            ("/publish/chat", "", "{\"chatRoomId\":\(room),\"writer\":\"clientB\",\"message\":\"m5\"}"),
            ("/publish/chat", "", "{\"chatRoomId\":\(room),\"type\":\"TALK\",\"message\":\"m6\"}"),
            ("/app/message", "", "{\"roomId\":\(room),\"message\":\"m7\"}"),
            ("/app/message", "", "{\"roomId\":\(room),\"content\":\"m8\"}"),
        ]
        for (index, send) in sends.enumerated() {
            var headers = ["destination": send.destination, "receipt": "r\(index)"]
            if !send.type.isEmpty { headers["content-type"] = send.type }
            try one.send("SEND", headers, send.body)
            #expect(try one.receipt("r\(index)")["seq"] == "\(index + 1)")
        }
        for (index, destination) in subscriptions.enumerated() {
            let last = try two.wait { $0["subscription"] == "\(index)" && $0["seq"] == "8" }
            #expect(last["destination"] == destination)
            #expect(two.events(id: "\(index)").map { $0["message"] as? String } == (1...8).map { "m\($0)" })
        }
    }

    @Test func enteringTellsWhereOneIs() throws {
        let (room, one, two, _) = try pair()
        try one.receipt(try one.say("1", room: room))
        try two.subscribe("/sub/chat/room/\(room)")
        try two.send("SEND", ["destination": "/pub/chat/enter", "receipt": "e"], "{\"roomId\":\(room)}")
        _ = try two.receipt("e")
        let entered = try two.wait { $0.command == "MESSAGE" && $0.json["type"] as? String == "ENTERED" }.json
        #expect(entered["lastSeq"] as? Int == 1 && entered["lastReadSeq"] as? Int == 0)
        #expect(entered["roomId"] as? Int == room)
        try one.send("SEND", ["destination": "/pub/chat/enter", "receipt": "e"], "{\"roomId\":\(room)}")
        let receipt = try one.receipt("e")
        #expect(receipt["last-seq"] == "1" && receipt["last-read-seq"] == "1")
        #expect(try history(try Shared.front().loggedIn("alice"), 1).allSatisfy { $0["type"] as? String != "ENTERED" })
    }

    @Test func unsubscribedIsUnsubscribed() throws {
        let (room, one, two, _) = try pair()
        try two.subscribe("/sub/chat/room/\(room)", id: "a")
        try two.subscribe("/sub/chat/room/\(room)", id: "b")
        try two.send("UNSUBSCRIBE", ["id": "a", "receipt": "u"])
        _ = try two.receipt("u")
        try one.receipt(try one.say("x", room: room))
        _ = try two.wait { $0["subscription"] == "b" && $0.command == "MESSAGE" }
        #expect(two.events(id: "a").isEmpty)
    }

    @Test func disconnectIsAnsweredLast() throws {
        let (room, one, _, _) = try pair()
        let receipts = try (0..<20).map { try one.say("\($0)", room: room) }
        try one.send("DISCONNECT", ["receipt": "bye"])
        #expect(try one.closing() == 1000)
        let order = one.frames.filter { $0.command == "RECEIPT" }.compactMap { $0["receipt-id"] }
        #expect(order.last == "bye" && Set(order) == Set(receipts + ["bye"]))
        #expect(one.frames.compactMap { $0["seq"] }.count == 20)
    }

    @Test func pipelinedSendsKeepTheirOrder() throws {
        let (room, one, two, _) = try pair()
        try two.subscribe("/sub/chat/room/\(room)")
        let receipts = try (1...200).map { try one.say("\($0)", room: room) }
        let seqs = try receipts.map { try one.receipt($0)["seq"].flatMap { Int($0) } }
        #expect(seqs == (1...200).map { $0 })
        _ = try two.wait { $0["seq"] == "200" && $0.command == "MESSAGE" }
        #expect(two.events().compactMap { $0["message"] as? String } == (1...200).map(String.init))
    }
}
