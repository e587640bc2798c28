import Backend
import BackendCore
import Chat
import Testing

/// GUARANTEES, rule 12.
@Suite struct PoisonTests {
    /// A database that fails with `state` on every message that says `poison`.
    private func chat(failing state: String) throws -> (ChatFixture, RoomID) {
        let chat = try ChatFixture()
        let room = try chat.room(with: ["B"])
        try chat.sql(
            """
            CREATE FUNCTION chat.poison() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                RAISE EXCEPTION 'poison' USING ERRCODE = '\(state)';
            END $$;
            CREATE TRIGGER poison BEFORE INSERT ON chat.event FOR EACH ROW WHEN (NEW.body = 'poison')
            EXECUTE FUNCTION chat.poison()
            """)
        return (chat, room)
    }

    @Test func itIsLeftOutAndToldAndItsNeighboursAreStored() throws {
        let (chat, room) = try chat(failing: "22021")
        let texts = ["a", "poison", "b", "c", "poison", "d", "e"]
        let records = texts.map { chat.record(.send(MessageSend(roomID: room, message: $0)), by: "A") }
        let results = try chat.apply(records)
        #expect(
            results.map { Told($0).short } == [
                ["MESSAGE 1"], ["refused invalid"], ["MESSAGE 2"], ["MESSAGE 3"], ["refused invalid"], ["MESSAGE 4"],
                ["MESSAGE 5"],
            ])
        #expect(results.map { $0.deadLetterReason != nil } == texts.map { $0 == "poison" })
        #expect(try chat.sql("SELECT next_offset FROM chat.lane")[0][0] == "8")
        #expect(try chat.gaps().isEmpty)
        // Read again, it is all the same.
        #expect(
            try chat.apply(
                records.enumerated().map { index, record in
                    var record = record
                    record.offset = Int64(index) + 1
                    return record
                }) == results)
    }

    @Test func aSingleOneAtTheEndMovesTheOffsetToo() throws {
        let (chat, room) = try chat(failing: "23514")
        #expect(try chat.say("poison", in: room, by: "A").short == ["refused invalid"])
        #expect(try chat.sql("SELECT next_offset FROM chat.lane")[0][0] == "2")
    }

    @Test(arguments: ["40001", "53100", "55P03", "57014"])
    func whatMayPassIsTriedAgain(state: String) throws {
        let (chat, room) = try chat(failing: state)
        let error = #expect(throws: StoreError.self) { try chat.say("poison", in: room, by: "A") }
        #expect(error?.isRetriable == true)
        #expect(try chat.sql("SELECT next_offset FROM chat.lane")[0][0] == "1")
        try chat.sql("DROP TRIGGER poison ON chat.event")
        #expect(try chat.say("poison", in: room, by: "A").short == ["MESSAGE 1"])
    }

    @Test(arguments: ["42P01", "XX000"])
    func aMistakeOfDeploymentStops(state: String) throws {
        let (chat, room) = try chat(failing: state)
        let error = #expect(throws: StoreError.self) { try chat.say("poison", in: room, by: "A") }
        #expect(error?.isRetriable == false)
        #expect(try chat.sql("SELECT next_offset FROM chat.lane")[0][0] == "1")
    }

    @Test func whatIsNotOursIsADeadLetterAndTheRestGoesOn() throws {
        let chat = try ChatFixture()
        let room = try chat.room(with: ["B"])
        var foreign = chat.record(.send(MessageSend(roomID: room, message: "x")), by: "A")
        foreign.headers = .failure(RecordDefect("unknown version"))
        var broken = chat.record(.send(MessageSend(roomID: room, message: "x")), by: "A")
        broken.value = Array("{\"roomId\":1,\"message\":\"a\\u0000b\"}".utf8)
        let good = chat.record(.send(MessageSend(roomID: room, message: "good")), by: "A")
        let results = try chat.apply([foreign, broken, good])
        #expect(results[0] == Applied(deadLetterReason: "unknown version"))
        #expect(Told(results[1]).short == ["refused invalid"])
        #expect(results[1].deadLetterReason != nil)
        #expect(Told(results[2]).short == ["MESSAGE 1"])
        // A batch of nothing else moves the offset, too.
        foreign.offset = chat.lane.nextOffset
        try chat.apply([foreign])
        #expect(try chat.sql("SELECT next_offset FROM chat.lane")[0][0] == "5")
    }
}
