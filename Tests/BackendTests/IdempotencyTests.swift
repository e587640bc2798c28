import Backend
import BackendCore
import Chat
import JSON
import Testing

/// GUARANTEES, rules 1, 3 and 8; I2 and I8.
@Suite struct IdempotencyTests {
    private func rows(_ chat: ChatFixture) throws -> String {
        try chat.sql("SELECT count(*) FROM chat.event")[0][0] ?? ""
    }

    @Test func theSameRecordTwiceIsOneRowAndOneAnswer() throws {
        let chat = try ChatFixture()
        let room = try chat.room(with: ["B"])
        let record = chat.record(.send(MessageSend(roomID: room, message: "hi")), by: "A")
        let inOneBatch = try chat.apply([record, record])
        #expect(inOneBatch[0] == inOneBatch[1])
        #expect(Told(inOneBatch[0]).short == ["MESSAGE 1"])
        var later = record
        later.offset = chat.lane.nextOffset
        #expect(try chat.apply([later])[0] == inOneBatch[0])
        // The same offset again: its answers were not acknowledged.
        #expect(try chat.apply([record])[0] == inOneBatch[0])
        #expect(try rows(chat) == "1")
        #expect(try chat.gaps().isEmpty)
    }

    @Test func aKeyIsBoundToItsContentAndPerson() throws {
        let chat = try ChatFixture()
        let room = try chat.room(with: ["B"])
        let id = chat.id(keyed: true)
        let first = try chat.say("one", in: room, by: "A", id: id)
        #expect(first.short == ["MESSAGE 1"])
        #expect(try chat.say("one", in: room, by: "A", id: id).values == first.values)
        #expect(try chat.say("two", in: room, by: "A", id: id).short == ["refused already_exists"])
        #expect(try chat.say("one", in: room, by: "B", id: id).short == ["refused already_exists"])
        #expect(try chat.say("one", in: room, by: "D", id: id).short == ["refused already_exists"])
        #expect(try rows(chat) == "1")
    }

    @Test func aRefusalStays() throws {
        let chat = try ChatFixture()
        let room = try chat.room(with: ["B"])
        let plain = chat.id()
        let keyed = chat.id(keyed: true)
        for id in [plain, keyed] {
            #expect(try chat.say(in: room, by: "C", id: id).short == ["refused not_a_member"])
        }
        #expect(try chat.apply(.addMembers(roomID: room, userIDs: ["C"]), by: "A").short == ["JOIN 1 C"])
        for id in [plain, keyed] {
            #expect(try chat.say(in: room, by: "C", id: id).short == ["refused not_a_member"])
        }
        #expect(try chat.say("other", in: room, by: "C", id: keyed).short == ["refused already_exists"])
        #expect(try chat.say(in: room, by: "C").short == ["MESSAGE 2"])
    }

    @Test func severalEventsAreToldAgain() throws {
        let chat = try ChatFixture()
        let room = try chat.room(.open)
        let entering = chat.record(.send(MessageSend(roomID: room, message: "hello")), by: "B")
        let first = try chat.apply([entering])[0]
        #expect(Told(first).short == ["JOIN 1 B", "MESSAGE 2"])
        #expect(first.records.map(\.headers.type) == ["member.add", "message.send"])
        #expect(first.records[1].headers.messageID == (try entering.headers.get().messageID))
        #expect(first.records[0].headers.correlationID == first.records[1].headers.correlationID)
        #expect(try chat.apply([entering])[0] == first)

        let group = try chat.room(with: ["B"])
        let inviting = chat.record(.addMembers(roomID: group, userIDs: ["C", "B", "D"]), by: "A")
        let joined = try chat.apply([inviting])[0]
        #expect(Told(joined).short == ["JOIN 1 C", "JOIN 2 D"])
        #expect(joined.records[0].headers.messageID == (try inviting.headers.get().messageID))
        #expect(joined.records[1].headers.messageID?.version == 8)
        try chat.apply(.removeMember(roomID: group, userID: "C"), by: "A")
        #expect(try chat.apply([inviting])[0] == joined)
    }

    @Test func aDerivedIdIsAsCoreSays() throws {
        let chat = try ChatFixture()
        let room = try chat.room(.open)
        let id = chat.id()
        let told = try chat.say(in: room, by: "B", id: id)
        let text = try chat.sql(
            "SELECT encode(sha256('\(String(decoding: id.furtherEventInput(index: 1), as: UTF8.self))'), 'hex')")
        let digest = stride(from: 0, to: 32, by: 2).compactMap { offset in
            UInt8(String((text[0][0] ?? "").dropFirst(offset).prefix(2)), radix: 16)
        }
        #expect(told.applied.records[0].headers.messageID == MessageID(digest: digest))
    }

    @Test func aRoomIsMadeOnceAndToldAsItWas() throws {
        let chat = try ChatFixture()
        let create = Command.createRoom(RoomCreate(roomName: "r", kind: .group, userIDs: ["B"]))
        let record = chat.record(create, by: "A", id: chat.id(keyed: true))
        let first = try chat.apply([record])[0]
        let value = Told(first).values[0]
        #expect(value["ownerId"]?.string == "A")
        #expect(value["members"]?.array?.compactMap { $0["role"]?.string } == ["owner", "member"])
        #expect(first.records[0].key == Array("1".utf8))
        try chat.apply(.removeMember(roomID: 1, userID: "A"), by: "A")
        try chat.apply(.addMembers(roomID: 1, userIDs: ["C"]), by: "B")
        #expect(try chat.apply([record])[0] == first)
        var other = record
        other.value = Command.createRoom(RoomCreate(roomName: "other", kind: .group, userIDs: ["B"])).value
        #expect(Told(try chat.apply([other])[0]).short == ["refused already_exists"])
        #expect(try chat.sql("SELECT count(*) FROM chat.room")[0][0] == "1")
    }

    @Test func whatComesTooLateIsRefusedAndNotKept() throws {
        let chat = try ChatFixture()
        let room = try chat.room(with: ["B"])
        let id = chat.id(keyed: true)
        let late = chat.record(
            .send(MessageSend(roomID: room, message: "hi")), by: "A", id: id, notAfter: chat.clock - 1)
        #expect(Told(try chat.apply([late])[0]).short == ["refused not_confirmed"])
        #expect(try rows(chat) == "0")
        // The log's own clock counts as well.
        var appended = chat.record(.send(MessageSend(roomID: room, message: "hi")), by: "A", id: id)
        appended.appendedAtMilliseconds = chat.clock + 60_000
        #expect(Told(try chat.apply([appended])[0]).short == ["refused not_confirmed"])
        let inTime = try chat.say(in: room, by: "A", id: id)
        #expect(inTime.short == ["MESSAGE 1"])
        var again = late
        again.offset = chat.lane.nextOffset
        #expect(Told(try chat.apply([again])[0]).values == inTime.values)
    }

    @Test func belowNextOffsetNothingComesAboutAnew() throws {
        let chat = try ChatFixture()
        let room = try chat.room(with: ["B"])
        let old = chat.record(.send(MessageSend(roomID: room, message: "hi")), by: "A", offset: 0)
        #expect(Told(try chat.apply([old])[0]).short == ["refused not_confirmed"])
        #expect(try rows(chat) == "0")
    }

    @Test func aReadIsToldAgain() throws {
        let chat = try ChatFixture()
        let room = try chat.room(with: ["B"])
        for _ in 0..<5 { try chat.say(in: room, by: "A") }
        let first = chat.record(.moveRead(roomID: room, seq: 2), by: "B")
        let told = try chat.apply([first])[0]
        #expect(Told(told).short == ["READ 0>2"])
        #expect(try chat.apply([first])[0] == told)
        let second = chat.record(.moveRead(roomID: room, seq: 4), by: "B")
        #expect(Told(try chat.apply([second])[0]).short == ["READ 2>4"])
        #expect(Told(try chat.apply([first])[0]).short == ["READ 2>2"])
        #expect(Told(try chat.apply([second])[0]).short == ["READ 2>4"])
    }

    @Test func timeNeverGoesBackInARoom() throws {
        let chat = try ChatFixture()
        let room = try chat.room(with: ["B"])
        try chat.say(in: room, by: "A")
        chat.clock -= 3_600_000
        try chat.say(in: room, by: "A")
        try chat.apply(.addMembers(roomID: room, userIDs: ["C"]), by: "A")
        chat.clock += 7_200_000
        try chat.say(in: room, by: "A")
        #expect(try chat.gaps().isEmpty)
        let times = try chat.sql("SELECT count(DISTINCT created_at) FROM chat.event")
        #expect(times[0][0] == "2")
    }
}
