import Foundation
import TestSupport
import Testing

/// CONTRACT section 2, Messages.
@Suite(.serialized) struct MessageTests {
    private func say(_ caller: HTTPCaller, _ room: Int, _ text: String, key: String? = nil) throws -> HTTPAnswer {
        try caller(
            "POST", "/chat/\(room)", json(["message": text]), headers: key.map { ["Idempotency-Key": $0] } ?? [:])
    }

    @Test func aMessageIsStoredOnceAndRead() throws {
        let (one, two) = (try Shared.person(), try Shared.person())
        let room = try Shared.room(one.call, with: [two.id])
        let text = "안녕? \"quoted\" \\ \n tab\t🙂 e\u{301}  "
        let answer = try say(one.call, room, text)
        #expect(answer.status == 200 && answer.json["roomId"] as? Int == room && answer.json["seq"] as? Int == 1)
        let event = try #require(try history(two.call.at(port: two.call.port + 1), room).first)
        #expect(event["message"] as? String == text)
        #expect(Array((event["message"] as? String ?? "").unicodeScalars) == Array(text.unicodeScalars))
        #expect(event["messageId"] as? String == answer.json["messageId"] as? String)
        #expect(event["createdAt"] as? String == answer.json["createdAt"] as? String)
        #expect(event["userId"] as? String == one.id && event["writerId"] as? String == one.id)
        #expect(event["writer"] as? String == one.id.uppercased() && event["type"] as? String == "MESSAGE")
        #expect(event["unreadCount"] as? Int == 1)
        let rows = try Shared.system().query(
            "select seq, user_id, message_id from chat.message where room_id = \(room)")
        #expect(rows == ["1|\(one.id)|\(answer.json["messageId"] as? String ?? "")"])
    }

    @Test func theSameKeyIsTheSameAnswer() throws {
        let person = try Shared.person()
        let (room, other) = (try Shared.room(person.call), try Shared.room(person.call))
        let first = try say(person.call, room, "once", key: "k 1".replacing(" ", with: "-"))
        let again = try say(person.call.at(port: person.call.port + 1), room, "once", key: "k-1")
        #expect(first.status == 200 && again.status == 200 && first.body == again.body)
        let changed = try say(person.call, room, "twice", key: "k-1")
        #expect(changed.status == 409 && changed.code == "already_exists")
        #expect(try say(person.call, other, "once", key: "k-1").json["seq"] as? Int == 1)
        #expect(try history(person.call, room).count == 1)
        let stranger = try Shared.person()
        let refused = try say(stranger.call, room, "no", key: "k-2")
        #expect(refused.status == 403)
        _ = try person.call("POST", "/chat/\(room)/participants", json(["userIds": [stranger.id]]))
        #expect(try say(stranger.call, room, "no", key: "k-2").status == 403, "a final refusal stays")
        for key in ["", String(repeating: "k", count: 129), "a b", "ä"] {
            #expect(try say(person.call, room, "x", key: key).code == "bad_request", "\(key)")
        }
    }

    @Test func roomsHaveKeysToo() throws {
        let person = try Shared.person()
        func make(_ name: String) throws -> HTTPAnswer {
            try person.call(
                "POST", "/rooms", json(["roomName": name, "kind": "group", "userIds": [String]()]),
                headers: ["Idempotency-Key": "room"])
        }
        let (first, again) = (try make("a"), try make("a"))
        #expect(first.json["roomId"] as? Int == again.json["roomId"] as? Int && first.status == again.status)
        #expect(try make("b").status == 409)
        #expect(try person.call("GET", "/rooms").list("rooms").count == 1)
    }

    @Test func textsOverTheLimitAreTooLarge() throws {
        let person = try Shared.person()
        let room = try Shared.room(person.call)
        #expect(try say(person.call, room, String(repeating: "a", count: 65_536)).status == 200)
        let over = try say(person.call, room, String(repeating: "a", count: 65_537))
        #expect(over.status == 413 && over.code == "too_large")
        let overInOctets = try say(person.call, room, String(repeating: "가", count: 21_846))
        #expect(overInOctets.status == 413)
        #expect(try history(person.call, room).count == 1)
    }

    @Test(arguments: ["", " ", "\n\t \u{3000}", "a\u{0}b"])
    func whatSaysNothingIsInvalid(text: String) throws {
        let answer = try say(try Shared.front().loggedIn("alice"), 1, text)
        #expect(answer.status == 422 && answer.code == "invalid")
    }

    @Test func historyIsPaged() throws {
        let person = try Shared.person()
        let room = try Shared.room(person.call)
        for number in 1...12 { _ = try say(person.call, room, "\(number)") }
        func seqs(_ query: String) throws -> [Int] {
            try history(person.call, room, query: query).compactMap { $0["seq"] as? Int }
        }
        #expect(try seqs("") == Array(1...12))
        #expect(try seqs("limit=3") == [10, 11, 12])
        #expect(try seqs("since=4&limit=3") == [5, 6, 7])
        #expect(try seqs("before=4&limit=2") == [2, 3])
        #expect(try seqs("since=2&before=6") == [3, 4, 5])
        #expect(try seqs("since=12") == [])
        #expect(try seqs("limit=100000").count == 12)
        for query in ["limit=0", "limit=-1", "since=x", "before=", "limit=1.5", "since=1&epoch=99", "epoch=x"] {
            #expect(try person.call("GET", "/chat/\(room)?\(query)").code == "bad_request", "\(query)")
        }
        let answer = try person.call("GET", "/chat/\(room)?limit=1")
        #expect(answer["epoch"] == "1" && answer.json(at: "chatRecord")["epoch"] as? Int == 1)
        #expect(answer.json["endpoint"] as? String == "ws://127.0.0.1:\(person.call.port)/stomp/chat")
        #expect(answer.json(at: "chatRecord")["lastSeq"] as? Int == 12)
        #expect(answer.json(at: "chatRecord")["userId"] as? String == person.id)
        let beyond = try history(person.call, room, query: "since=99")
        #expect(beyond.first?["type"] as? String == "RESET" && beyond.first?["lastSeq"] as? Int == 12)
    }

    @Test func repliesAndMentionsComeBack() throws {
        let person = try Shared.person()
        let room = try Shared.room(person.call)
        _ = try say(person.call, room, "first")
        let answer = try person.call(
            "POST", "/chat/\(room)", json(["message": "second", "replyTo": 1, "mentions": [person.id]]))
        #expect(answer.status == 200)
        let event = try #require(try history(person.call, room).last)
        #expect(event["replyTo"] as? Int == 1 && event["mentions"] as? [String] == [person.id])
    }
}
