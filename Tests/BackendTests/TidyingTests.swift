import Backend
import BackendCore
import Chat
import Testing

@Suite struct TidyingTests {
    @Test func aClosedRoomIsErasedLittleByLittle() throws {
        let chat = try ChatFixture()
        let room = try chat.room()
        let other = try chat.room()
        for _ in 0..<5 { try chat.say(in: room, by: "A") }
        try chat.say(in: other, by: "A")
        #expect(try chat.store.tidy(nowMilliseconds: chat.clock) == 0)
        #expect(
            try chat.apply(.removeMember(roomID: room, userID: "A"), by: "A").short == ["LEAVE 6 A", "CLOSE 7"])
        #expect(try chat.store.tidy(nowMilliseconds: chat.clock, rowsMax: 3) == 3)
        #expect(try chat.store.tidy(nowMilliseconds: chat.clock, rowsMax: 3) == 2)
        #expect(try chat.store.tidy(nowMilliseconds: chat.clock, rowsMax: 3) == 0)
        #expect(try chat.sql("SELECT room_id FROM chat.message WHERE body IS NOT NULL") == [[String(other)]])
        #expect(try chat.gaps().isEmpty)
    }

    @Test func answersWithoutAKeyAreForgottenAfterAWeek() throws {
        let chat = try ChatFixture()
        let room = try chat.room()
        let keyed = chat.id(keyed: true)
        for id in [chat.id(), keyed] { try chat.say(in: room, by: "B", id: id) }
        chat.clock += 6 * 86_400_000
        #expect(try chat.store.tidy(nowMilliseconds: chat.clock) == 0)
        chat.clock += 2 * 86_400_000
        // The room's own making came without a key as well.
        #expect(try chat.store.tidy(nowMilliseconds: chat.clock) == 2)
        try chat.apply(.addMembers(roomID: room, userIDs: ["B"]), by: "A")
        #expect(try chat.say(in: room, by: "B", id: keyed).short == ["refused not_a_member"])
    }
}
