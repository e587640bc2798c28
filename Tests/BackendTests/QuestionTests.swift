import Backend
import BackendCore
import Chat
import JSON
import Testing

/// CONTRACT: GET /rooms, GET /chat/{roomId}, participants; what a front asks for them.
@Suite struct QuestionTests {
    private func seqs(_ answer: JSONValue) -> [Int64] {
        (answer["chatMessage"]?.array ?? []).compactMap { $0["seq"]?.integer }
    }

    private func page(
        _ chat: ChatFixture, _ room: RoomID, since: Seq? = nil, before: Seq? = nil, limit: Int = 50,
        bytesMax: Int = 1 << 19
    ) throws -> (seqs: [Int64], more: Bool?) {
        let question = HistoryQuestion(roomID: room, since: since, before: before, limit: limit, bytesMax: bytesMax)
        let answer = try chat.ask(.history(question), by: "A").value
        return (seqs(answer), answer["more"]?.bool)
    }

    @Test func pagesOfHistory() throws {
        let chat = try ChatFixture()
        let room = try chat.room(with: ["B"])
        for number in 1...9 { try chat.say("m\(number)", in: room, by: "A") }
        let table: [(since: Seq?, before: Seq?, limit: Int, seqs: [Int64], more: Bool)] = [
            (nil, nil, 50, Array(1...9), false), (nil, nil, 3, [7, 8, 9], true), (0, nil, 3, [1, 2, 3], true),
            (6, nil, 3, [7, 8, 9], false), (9, nil, 3, [], false), (99, nil, 3, [], false),
            (nil, 4, 2, [2, 3], true), (nil, 3, 2, [1, 2], false), (nil, 1, 2, [], false), (2, 6, 2, [3, 4], true),
            (2, 5, 2, [3, 4], false), (2, 3, 2, [], false), (nil, .max, 2, [8, 9], true),
        ]
        for row in table {
            let page = try page(chat, room, since: row.since, before: row.before, limit: row.limit)
            #expect(page.seqs == row.seqs, "\(row)")
            #expect(page.more == row.more, "\(row)")
        }
    }

    @Test func aPageIsCutAtItsOctets() throws {
        let chat = try ChatFixture()
        let room = try chat.room(with: ["B"])
        for _ in 0..<6 { try chat.say(String(repeating: "x", count: 10_000), in: room, by: "A") }
        #expect(try page(chat, room, since: 0, bytesMax: 25_000).seqs == [1, 2])
        #expect(try page(chat, room, bytesMax: 25_000).seqs == [5, 6])
        #expect(try page(chat, room, bytesMax: 25_000).more == true)
        #expect(try page(chat, room, since: 0, bytesMax: 1).seqs == [1])
        #expect(try page(chat, room, bytesMax: 1).seqs == [6])
    }

    @Test func eventsInHistoryHaveNamesAndNumbers() throws {
        let chat = try ChatFixture()
        let room = try chat.room(with: ["B", "C"])
        try chat.say("안녕 \"x\"\n", in: room, by: "A")
        try chat.apply(.addMembers(roomID: room, userIDs: ["D"]), by: "B")
        try chat.say("2", in: room, by: "B")
        try chat.apply(.moveRead(roomID: room, seq: 1), by: "C")
        try chat.sql("UPDATE chat.app_user SET user_name = '새 이름' WHERE user_id = 'A'")
        let events = try chat.ask(.history(HistoryQuestion(roomID: room)), by: "C").value["chatMessage"]?.array ?? []
        #expect(events.count == 3)
        #expect(events[0]["writer"]?.string == "새 이름")
        #expect(events[0]["writerId"]?.string == "A")
        #expect(events[0]["message"]?.string == "안녕 \"x\"\n")
        // B has read 1 by writing after it, C by saying so, D by joining after it.
        #expect(events[0]["unreadCount"]?.integer == 0)
        #expect(events[1]["targetName"]?.string == ".D")
        #expect(events[1]["unreadCount"] == nil)
        // A, C, D have not read B's.
        #expect(events[2]["unreadCount"]?.integer == 3)
        try chat.apply(.moveRead(roomID: room, seq: 9), by: "D")
        try chat.apply(.removeMember(roomID: room, userID: "C"), by: "C")
        let later = try chat.ask(.history(HistoryQuestion(roomID: room)), by: "A").value
        #expect(later["chatMessage"]?.array?[2]["unreadCount"]?.integer == 1)
        #expect(later["lastSeq"]?.integer == 4)
        #expect(later["lastReadSeq"]?.integer == 1)
        #expect(later["epoch"]?.integer == 1)
    }

    @Test func whoMaySeeARoom() throws {
        let chat = try ChatFixture(["A", "B", "C", "O"], operators: ["O"])
        let group = try chat.room(with: ["B"])
        let open = try chat.room(.open)
        let direct = try chat.room(.direct, with: ["B"])
        let secret = try chat.apply(
            .createRoom(RoomCreate(roomName: "ops", kind: .open, userIDs: [], operatorsOnly: true)), by: "O"
        ).roomID
        let table: [(room: RoomID, user: String, sees: Bool)] = [
            (group, "A", true), (group, "C", false), (group, "O", true), (open, "C", true), (direct, "B", true),
            (direct, "C", false), (direct, "O", false), (secret, "O", true), (secret, "A", false), (99, "A", false),
        ]
        for row in table {
            for question in [
                Question.enter(roomID: row.room), .history(HistoryQuestion(roomID: row.room)),
                .participants(roomID: row.room, after: nil, limit: 10),
            ] {
                let answer = try chat.ask(question, by: row.user)
                #expect(answer.isRefused == !row.sees, "\(row) \(question)")
                if !row.sees { #expect(answer.value["error"]?["code"]?.string == "not_a_member") }
            }
        }
        let entered = try chat.ask(.enter(roomID: direct), by: "A").value
        #expect(entered["roomName"]?.string == ".B")
        #expect(entered["role"]?.string == "member")
        let visited = try chat.ask(.enter(roomID: open), by: "C").value
        #expect(visited["role"]?.isNull == true)
        #expect(visited["lastReadSeq"]?.integer == 0)
    }

    @Test func listOfRooms() throws {
        let chat = try ChatFixture()
        var rooms: [RoomID] = []
        for _ in 0..<5 {
            rooms.append(try chat.room(with: ["B"]))
            chat.clock += 1000
        }
        for _ in 0..<3 { try chat.say("old", in: rooms[0], by: "A") }
        chat.clock += 1000
        try chat.say("news", in: rooms[3], by: "B")
        try chat.apply(.moveRead(roomID: rooms[0], seq: 1), by: "B")
        func list(_ user: String, after: String? = nil, limit: Int = 100, open: Bool = false) throws -> JSONValue {
            try chat.ask(.rooms(open: open, after: after, limit: limit), by: user).value
        }
        let all = try list("B")
        let entries = all["rooms"]?.array ?? []
        #expect(entries.compactMap { $0["roomId"]?.integer } == [4, 1, 5, 3, 2])
        #expect(entries.compactMap { $0["unread"]?.integer } == [0, 2, 0, 0, 0])
        #expect(entries[0]["lastMessage"]?["message"]?.string == "news")
        #expect(entries[0]["lastReadSeq"]?.integer == 1)
        #expect(entries[2]["lastMessage"]?.isNull == true)
        #expect(entries[1]["role"]?.string == "member")
        #expect(all["next"] == nil)
        #expect(try list("A")["rooms"]?.array?[0]["unread"]?.integer == 1)
        #expect(try list("C")["rooms"]?.array?.isEmpty == true)
        var seen: [Int64] = []
        var after: String?
        repeat {
            let page = try list("B", after: after, limit: 2)
            seen += (page["rooms"]?.array ?? []).compactMap { $0["roomId"]?.integer }
            after = page["next"]?.string
        } while after != nil
        #expect(seen == [4, 1, 5, 3, 2])
        #expect(try chat.ask(.rooms(open: false, after: "x", limit: 1), by: "B").isRefused)
        let open = try chat.room(.open)
        let found = try list("C", open: true)["rooms"]?.array ?? []
        #expect(found.compactMap { $0["roomId"]?.integer } == [open])
        #expect(found[0]["role"]?.isNull == true)
        #expect(found[0]["unread"]?.integer == 0)
    }

    @Test func unreadIsCountedToAThousand() throws {
        let chat = try ChatFixture()
        let room = try chat.room(with: ["B"])
        for _ in 0..<3 {
            try chat.apply((0..<400).map { _ in chat.record(.send(MessageSend(roomID: room, message: "m")), by: "A") })
        }
        let entry = try chat.ask(.rooms(open: false, after: nil, limit: 1), by: "B").value["rooms"]?.array?[0]
        #expect(entry?["unread"]?.integer == 1000)
        #expect(entry?["lastSeq"]?.integer == 1200)
    }

    @Test func participants() throws {
        let chat = try ChatFixture()
        let room = try chat.room(by: "B", with: ["A", "D"])
        try chat.say(in: room, by: "D")
        let question = Question.participants(roomID: room, after: nil, limit: 2)
        let first = try chat.ask(question, by: "A").value
        let people = first["participants"]?.array ?? []
        #expect(people.compactMap { $0["userId"]?.string } == ["A", "B"])
        #expect(people.compactMap { $0["role"]?.string } == ["member", "owner"])
        #expect(people[0]["joinedAt"]?.string == "2025-11-21T04:10:00.123Z")
        #expect(first["next"]?.string == "B")
        let second = try chat.ask(.participants(roomID: room, after: "B", limit: 2), by: "A").value
        #expect(second["participants"]?.array?.compactMap { $0["userId"]?.string } == ["D"])
        #expect(second["participants"]?.array?[0]["lastReadSeq"]?.integer == 1)
        #expect(second["next"] == nil)
    }

    @Test func aQuestionGoesToWhoAskedAndNotWhenLate() throws {
        let chat = try ChatFixture()
        var headers = RecordHeaders(type: "service.ping")
        headers.replyTo = ReplyTo(frontID: "front-1", partition: 3)
        headers.correlationID = CorrelationID(boot: MessageID(high: 1, low: 2), counter: 9)
        headers.notAfterMilliseconds = chat.clock
        let record = IncomingRecord(offset: 0, key: [], value: Array("{}".utf8), headers: .success(headers))
        let answer = try chat.store.answer(record, nowMilliseconds: chat.clock).records
        #expect(answer.count == 1)
        #expect(answer[0].topic == .chatRoomResponse)
        #expect(answer[0].partition == 3)
        #expect(answer[0].key == Array("reply:front-1".utf8))
        #expect(answer[0].headers.correlationID == headers.correlationID)
        #expect(try chat.store.answer(record, nowMilliseconds: chat.clock + 1) == Applied())
    }
}
