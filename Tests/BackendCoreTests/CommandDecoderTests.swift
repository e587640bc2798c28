import BackendCore
import Chat
import JSON
import TestSupport
import Testing

@Suite struct CommandDecoderTests {
    static let id = MessageID(high: 0x0198_0000_0000_7000, low: 0x8000_0000_0000_0001)
    static let keyed = MessageID(high: 0x0198_0000_0000_8000, low: 0x8000_0000_0000_0001)

    static func record(
        _ value: String?, type: String = "message.send", user: String? = "A", id: MessageID? = id
    ) -> IncomingRecord {
        var headers = RecordHeaders(type: type)
        headers.userID = user
        headers.messageID = id
        headers.replyTo = ReplyTo(frontID: "f", partition: 1)
        headers.traceparent = "00-1-2-01"
        headers.notAfterMilliseconds = 1000
        return IncomingRecord(
            offset: 5, appendedAtMilliseconds: nil, key: Array("1".utf8), value: value.map { Array($0.utf8) },
            headers: .success(headers))
    }

    static func decode(_ record: IncomingRecord, now: Int64 = 900) -> DecodedCommand {
        CommandDecoder.decode(record, nowMilliseconds: now, epoch: 3)
    }

    @Test func aCommandIsPlanned() throws {
        guard case .planned(let plan) = Self.decode(Self.record("{\"roomId\":1,\"message\":\"hi\",\"x\":1}")) else {
            Issue.record("not planned")
            return
        }
        #expect(plan.command == .send(MessageSend(roomID: 1, message: "hi")))
        #expect(plan.requestHash == nil)
        #expect(!plan.isOverdue)
        #expect(plan.offset == 5)
    }

    @Test func aKeyIsBoundToTypeAndValue() {
        func hash(_ value: String, type: String = "message.send") -> [UInt8]? {
            guard case .planned(let plan) = Self.decode(Self.record(value, type: type, id: Self.keyed)) else {
                return nil
            }
            return plan.requestHash
        }
        let first = hash("{\"roomId\":1,\"message\":\"hi\"}")
        #expect(first?.count == 16)
        #expect(first == hash("{\"roomId\":1,\"message\":\"hi\"}"))
        #expect(first != hash("{\"roomId\":1,\"message\":\"ho\"}"))
    }

    @Test(
        arguments: [(900, nil, false), (1000, nil, false), (1001, nil, true), (900, 1001, true)]
            as [(
                Int64, Int64?, Bool
            )])
    func lateness(now: Int64, appended: Int64?, isOverdue: Bool) {
        var record = Self.record("{\"roomId\":1,\"message\":\"hi\"}")
        record.appendedAtMilliseconds = appended
        guard case .planned(let plan) = Self.decode(record, now: now) else {
            Issue.record("not planned")
            return
        }
        #expect(plan.isOverdue == isOverdue)
    }

    @Test func whatNamesNobodyIsOnlyADeadLetter() {
        var foreign = Self.record("{}")
        foreign.headers = .failure(RecordDefect("no header type"))
        let value = "{\"roomId\":1,\"message\":\"hi\"}"
        for (record, reason) in [
            (foreign, "no header type"), (Self.record(value, type: "message.sing"), "unknown type"),
            (Self.record(value, type: "user.create"), "unknown type"),
            (Self.record(value, user: nil), "no header user-id or message-id"),
            (Self.record(value, id: nil), "no header user-id or message-id"),
        ] {
            #expect(Self.decode(record) == .done(Applied(deadLetterReason: reason)))
        }
    }

    @Test(
        arguments: [
            (nil, "bad_request"), ("", "bad_request"), ("[]", "bad_request"), ("{\"roomId\":1", "bad_request"),
            (String(repeating: "[", count: 20_000), "bad_request"), ("{\"roomId\":1}", "invalid"),
            ("{\"roomId\":\"1\",\"message\":\"x\"}", "invalid"), ("{\"roomId\":1,\"message\":\"a\\u0000\"}", "invalid"),
            ("{\"roomId\":1,\"message\":\" \"}", "invalid"), ("{\"roomId\":-1,\"message\":\"x\"}", "invalid"),
            ("{\"roomId\":1,\"message\":\"\(String(repeating: "x", count: 70_000))\"}", "too_large"),
        ] as [(String?, String)])
    func whatNamesSomebodyIsRefusedToo(value: String?, code: String) throws {
        guard case .done(let applied) = Self.decode(Self.record(value)) else {
            Issue.record("planned")
            return
        }
        #expect(applied.deadLetterReason?.hasPrefix(code) == true)
        let refusal = try #require(applied.records.first)
        #expect(refusal.topic == .chatMessageResponse)
        #expect(refusal.key == Array("1".utf8))
        #expect(refusal.headers.outcome == .refused)
        #expect(refusal.headers.epoch == 3)
        #expect(refusal.headers.messageID == Self.id)
        #expect(refusal.headers.replyTo == nil)
        #expect(refusal.headers.traceparent == "00-1-2-01")
        #expect(ChatError(json: try JSONParser.parse(refusal.value))?.code.rawValue == code)
    }

    @Test func garbageNeverTraps() {
        var random = SeededRandom(seed: 11)
        let types = RecordType.allCases
        for round in 0..<5000 {
            let length = Int.random(in: 0...60, using: &random)
            var record = Self.record("", type: types[round % types.count].rawValue)
            record.value = (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) }
            _ = Self.decode(record)
            _ = QuestionDecoder.decode(record, nowMilliseconds: 0, epoch: 1)
            _ = UserDecoder.decode(record, nowMilliseconds: 0, epoch: 1)
        }
    }
}
