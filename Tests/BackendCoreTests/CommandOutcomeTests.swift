import BackendCore
import Chat
import Testing

@Suite struct CommandOutcomeTests {
    static func plan(_ command: Command) -> PlannedCommand? {
        var headers = RecordHeaders(type: command.type.rawValue)
        headers.userID = "A"
        headers.messageID = CommandDecoderTests.id
        headers.correlationID = CorrelationID(boot: CommandDecoderTests.id, counter: 4)
        let record = IncomingRecord(
            offset: 1, key: command.key(userID: "A"), value: command.value, headers: .success(headers))
        guard case .planned(let plan) = CommandDecoder.decode(record, nowMilliseconds: 0, epoch: 1) else { return nil }
        return plan
    }

    private func text(_ command: Command, _ outcome: CommandOutcome) throws -> String {
        let applied = try #require(Self.plan(command)).answer([outcome], epoch: 2)
        #expect(applied.records.count == 1)
        return String(decoding: applied.records.first?.value ?? [], as: UTF8.self)
    }

    @Test func theFastWayAndTheStoredRowSayTheSame() throws {
        let command = Command.send(MessageSend(roomID: 10, message: "안녕 \"\n/", replyTo: 5))
        let fast = CommandOutcome(kind: .event, roomID: 0, seq: 42, atMilliseconds: 1_763_698_200_123)
        var told = fast
        told.roomID = 10
        // As PostgreSQL writes it: spaces, another order.
        told.detail = Array(
            """
            {"type": "MESSAGE", "userId": "A", "message": "안녕 \\"\\n/", "replyTo": 5, \
            "messageId": "\(CommandDecoderTests.id)"}
            """.utf8)
        let expected =
            "{\"type\":\"MESSAGE\",\"roomId\":10,\"seq\":42,\"messageId\":\"\(CommandDecoderTests.id)\","
            + "\"userId\":\"A\",\"writerId\":\"A\",\"message\":\"안녕 \\\"\\n/\",\"replyTo\":5,"
            + "\"createdAt\":\"2025-11-21T04:10:00.123Z\"}"
        #expect(try text(command, fast) == expected)
        #expect(try text(command, told) == expected)
        let plan = try #require(Self.plan(command))
        let record = try #require(plan.answer([fast], epoch: 2).records.first)
        #expect(record.key == Array("10".utf8))
        #expect(record.headers.type == "message.send")
        #expect(record.headers.outcome == .stored)
        #expect(record.headers.epoch == 2)
        #expect(record.headers.correlationID?.counter == 4)
    }

    @Test func otherOutcomes() throws {
        let read = Command.moveRead(roomID: 10, seq: 57)
        #expect(
            try text(read, CommandOutcome(kind: .readMoved, roomID: 10, seq: 57, detail: Array("41".utf8)))
                == "{\"type\":\"READ\",\"roomId\":10,\"userId\":\"A\",\"lastReadSeq\":57,\"previousReadSeq\":41}")
        #expect(
            try text(read, CommandOutcome(kind: .unchanged, roomID: 10, seq: 57))
                == "{\"roomId\":10,\"lastReadSeq\":57}")
        let add = Command.addMembers(roomID: 10, userIDs: ["B"])
        #expect(try text(add, CommandOutcome(kind: .unchanged, roomID: 10)) == "{\"roomId\":10}")
        let create = Command.createRoom(RoomCreate(roomName: "r", kind: .group, userIDs: ["B"]))
        let made = CommandOutcome(
            kind: .roomMade, roomID: 7, atMilliseconds: 0,
            detail: Array(
                "{\"kind\": \"group\", \"members\": [\"A\", \"B\"], \"roomName\": \"r\", \"operatorsOnly\": false}".utf8
            ))
        #expect(
            try text(create, made)
                == "{\"roomId\":7,\"roomName\":\"r\",\"kind\":\"group\",\"operatorsOnly\":false,\"ownerId\":\"A\","
                + "\"members\":[{\"userId\":\"A\",\"role\":\"owner\"},{\"userId\":\"B\",\"role\":\"member\"}],"
                + "\"createdAt\":\"1970-01-01T00:00:00.000Z\"}")
        let refused = CommandOutcome(
            kind: .refused, roomID: 10, detail: Array("{\"code\":\"not_a_member\",\"message\":\"x\"}".utf8))
        #expect(try text(add, refused) == String(decoding: ChatError.notAMember.json, as: UTF8.self))
    }

    @Test func whatTheDatabaseGarblesIsTheServersFault() throws {
        let plan = try #require(Self.plan(.addMembers(roomID: 1, userIDs: ["B"])))
        for outcomes in [
            [], [CommandOutcome(kind: .event, roomID: 1, seq: 1)], [CommandOutcome(kind: .event, roomID: 1)],
            [CommandOutcome(kind: .refused, roomID: 1)], [CommandOutcome(kind: .roomMade, roomID: 1)],
            [CommandOutcome(kind: .readMoved, roomID: 1, seq: 1)],
        ] {
            let record = try #require(plan.answer(outcomes, epoch: 1).records.first)
            #expect(record.headers.outcome == .refused)
        }
    }
}
