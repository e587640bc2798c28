import Chat
import JSON
import TestSupport
import Testing

@Suite struct ChatTests {
    private let id = MessageID(milliseconds: 1_763_700_000_123, random: (0x1234, 0x5678))

    @Test func commandsComeBackAsTheyWere() throws {
        let commands: [Command] = [
            .send(MessageSend(roomID: 10, message: "안녕\n\"\\\u{7}", replyTo: 3, mentions: ["B", "김"])),
            .createRoom(RoomCreate(roomName: "방", kind: .group, userIDs: ["B"], operatorsOnly: true)),
            .createRoom(RoomCreate(roomName: "", kind: .direct, userIDs: ["B"])),
            .addMembers(roomID: 10, userIDs: ["A", "B"]), .removeMember(roomID: 10, userID: "B"),
            .setRole(roomID: 10, userID: "B", role: .admin), .moveRead(roomID: 10, seq: 57),
        ]
        for command in commands {
            #expect(try Command(type: command.type, value: try JSONParser.parse(command.value)) == command)
        }
    }

    @Test func bothOfAPairMeetInOneKey() {
        let make = { (other: String) in Command.createRoom(RoomCreate(roomName: "", kind: .direct, userIDs: [other])) }
        #expect(make("b").key(userID: "a") == make("a").key(userID: "b"))
        #expect(make("b").key(userID: "a") == Array("a|b".utf8))
    }

    @Test func eventsComeBackAndAreScanned() throws {
        let contents: [Event.Content] = [
            .message(text: "hi \u{1F600}", replyTo: 4, mentions: ["B"]),
            .message(text: "x", replyTo: nil, mentions: []),
            .join(targetID: "B", targetName: "Bee"), .leave(targetID: "B", targetName: nil),
            .role(targetID: "B", targetName: nil, role: .owner), .close,
        ]
        for content in contents {
            let event = Event(
                roomID: 10, seq: 42, messageID: id, userID: "김", createdAtMilliseconds: 1_763_700_000_123,
                content: content)
            #expect(try Event(json: try JSONParser.parse(event.json)) == event)
            event.json.withUnsafeBytes { raw in
                let scan = EventScan(raw)
                #expect(scan?.seq == 42 && scan?.roomID == 10 && scan?.type == content.type && scan?.messageID == id)
                #expect(scan.map { String(decoding: raw[$0.userID], as: UTF8.self) } == "김")
                for end in 0..<(scan?.writerOffset ?? 0) {
                    #expect(EventScan(UnsafeRawBufferPointer(rebasing: raw[..<end])) == nil)
                }
            }
        }
    }

    @Test func splicedWriterIsTheSameAsWrittenWriter() {
        var event = Event(
            roomID: 1, seq: 2, messageID: id, userID: "A", createdAtMilliseconds: 0,
            content: .message(text: "x", replyTo: nil, mentions: []))
        var spliced = event.json
        let offset = spliced.withUnsafeBytes { EventScan($0)?.writerOffset } ?? 0
        spliced.insert(contentsOf: Array(#""writer":"Aye","#.utf8), at: offset)
        event.writer = "Aye"
        #expect(spliced == event.json)
    }

    @Test(arguments: [
        (0, "1970-01-01T00:00:00.000Z"), (951_782_400_000, "2000-02-29T00:00:00.000Z"),
        (1_795_234_200_123, "2026-11-21T04:10:00.123Z"), (-1, "1969-12-31T23:59:59.999Z"),
    ])
    func times(milliseconds: Int64, text: String) {
        #expect(Timestamp.text(milliseconds: milliseconds) == text)
        #expect(Timestamp.milliseconds(text) == milliseconds)
    }

    @Test func timesRoundTripUnderASeed() {
        var random = SeededRandom(seed: 7)
        for _ in 0..<10_000 {
            let time = Int64.random(in: -62_135_596_800_000...253_402_300_799_999, using: &random)
            #expect(Timestamp.milliseconds(Timestamp.text(milliseconds: time)) == time)
        }
    }

    @Test func idsRoundTripAndTellTheirVersion() {
        #expect(MessageID(id.description) == id && id.version == 7)
        #expect(MessageID(bytes: id.bytes) == id)
        let derived = MessageID(digest: [UInt8](repeating: 0xFF, count: 32))
        #expect(derived?.version == 8)
        #expect(derived?.description == "ffffffff-ffff-8fff-bfff-ffffffffffff")
        #expect(MessageID("ffffffff-ffff-8fff-bfff-fffffffffff") == nil)
    }

    @Test(arguments: ["a", "김에이", "A.b-c_1", String(repeating: "x", count: 64), "\u{1112}\u{1161}\u{11AB}", "..a"])
    func userIDsAllowed(text: String) throws {
        #expect(try Array(Validation.userID(text).unicodeScalars) == Array(Validation.nfc(text).unicodeScalars))
    }

    @Test(arguments: [
        "", "me", ".", "..", "a b", "a/b", "a:b", "😀", "a\u{0}", String(repeating: "x", count: 65), "a|b",
    ])
    func userIDsRefused(text: String) { #expect(throws: ChatError.self) { try Validation.userID(text) } }

    @Test func decomposedKoreanIsTheSamePerson() throws {
        let composed = try Validation.userID("한")
        let decomposed = try Validation.userID("\u{1112}\u{1161}\u{11AB}")
        #expect(Array(composed.utf8) == Array(decomposed.utf8))
    }

    @Test func messagesKeepEveryScalar() throws {
        let text = " \u{1112}\u{1161}\u{11AB} \n"
        #expect(try Array(Validation.message(text).utf8) == Array(text.utf8))
        #expect(throws: ChatError.self) { try Validation.message(" \u{3000}\n") }
        #expect(throws: ChatError.self) { try Validation.message("a\u{0}") }
        _ = try Validation.message(String(repeating: "x", count: 65_536))
        do {
            _ = try Validation.message(String(repeating: "x", count: 65_537))
            Issue.record("65,537 octets passed")
        } catch { #expect(error.code == .tooLarge) }
    }

    @Test func headersComeBackAsTheyWere() throws {
        var headers = RecordHeaders(type: "message.send")
        headers.correlationID = CorrelationID(boot: id, counter: 12)
        headers.replyTo = ReplyTo(frontID: "front/1", partition: 3)
        headers.userID = "김"
        headers.messageID = id
        headers.notAfterMilliseconds = 5
        headers.traceparent = "00-1-2-01"
        let pairs = Dictionary(uniqueKeysWithValues: headers.pairs.map { ($0.name, $0.value) })
        #expect(try RecordHeaders { pairs[$0] } == headers)
        #expect(throws: RecordDefect.self) { try RecordHeaders { $0 == "version" ? "2" : pairs[$0] } }
        #expect(throws: RecordDefect.self) { try RecordHeaders { _ in nil } }
    }
}
