import Chat
import JSON
import Testing

@testable import FrontCore

@Suite struct APIMessageTests {
    private func event(_ seq: Int) -> String {
        #"{"type":"MESSAGE","roomId":10,"seq":\#(seq),"messageId":"0198c0de-0000-7000-8000-000000000001","#
            + #""userId":"A","writerId":"A","writer":"a","message":"\#(seq)","#
            + #""createdAt":"2026-11-21T04:10:00.123Z","unreadCount":1}"#
    }

    private func page(_ seqs: ClosedRange<Int>, lastSeq: Int, more: Bool, epoch: Int = 1) -> String {
        #"{"roomId":10,"epoch":\#(epoch),"lastSeq":\#(lastSeq),"lastReadSeq":41,"more":\#(more),"chatMessage":["#
            + seqs.map(event).joined(separator: ",") + "]}"
    }

    private func seqs(_ seen: APIHarness.Seen?) -> [Int64?]? {
        seen?.body["chatRecord"]?["chatMessage"]?.array?.map { $0["seq"]?.integer }
    }

    @Test func saysSomething() throws {
        let harness = APIHarness()
        let id = harness.send(
            "POST", "/chat/10", #"{"message":" 안녕?\n","replyTo":5,"mentions":["B","B"],"writer":"X","roomId":3}"#)
        let command = try harness.take(.messageSend)
        #expect(command.key == "10" && command.topic == .chatMessageRequest && command.headers.userID == "A")
        #expect(command.value.text == #"{"roomId":10,"message":" 안녕?\n","replyTo":5,"mentions":["B"]}"#)
        #expect(command.headers.messageID?.version == 7)
        #expect(command.headers.notAfterMilliseconds == APIHarness.start + 30_000)
        harness.answer(command, event(42))
        let messageID = try #require(command.headers.messageID)
        let seen = try #require(harness.response(id))
        #expect(seen.status == 200)
        #expect(
            seen.text
                == #"{"roomId":10,"seq":42,"messageId":"\#(messageID)","createdAt":"2026-11-21T04:10:00.123Z"}"#)
    }

    @Test func aTextOverTheLimitIsTooLarge() {
        let harness = APIHarness()
        let body = #"{"message":"\#(String(repeating: "a", count: 65_537))"}"#
        #expect(harness.response(harness.send("POST", "/chat/10", body))?.status == 413)
        _ = harness.send("POST", "/chat/10", #"{"message":"\#(String(repeating: "a", count: 65_536))"}"#)
        #expect(harness.asked.count == 1)
    }

    @Test func aKeyIsAnID() throws {
        let harness = APIHarness()
        func id(_ target: String, as user: String, _ key: String) throws -> MessageID {
            _ = harness.send("POST", target, #"{"message":"a"}"#, as: user, key: key) {
                $0.authorization =
                    "Bearer \(harness.token(user, session: MessageID(high: 0x7000, low: UInt64(user.utf8.count))))"
            }
            return try #require(try harness.take(.messageSend).headers.messageID)
        }
        let one = try id("/chat/10", as: "A", "k")
        #expect(one.version == 8 && one.low >> 62 == 2)
        #expect(try id("/chat/10", as: "A", "k") == one)
        #expect(try id("/chat/11", as: "A", "k") != one)
        #expect(try id("/chat/10", as: "A", "K") != one)
        #expect(try id("/chat/10", as: "AA", "k") != one)
    }

    @Test(arguments: ["", " ", "a b", "ü", String(repeating: "k", count: 129)])
    func aBadKeyIsRefused(_ key: String) {
        let harness = APIHarness()
        let seen = harness.response(harness.send("POST", "/chat/10", #"{"message":"a"}"#, key: key))
        #expect(seen?.status == 400 && seen?.code == "bad_request" && harness.asked.isEmpty)
    }

    @Test func movesTheReadPosition() throws {
        let harness = APIHarness()
        let moved = harness.send("PUT", "/chat/10/read", #"{"seq":57}"#)
        let command = try harness.take(.readMove)
        #expect(command.value.text == #"{"roomId":10,"seq":57}"#)
        harness.answer(command, #"{"type":"READ","roomId":10,"userId":"A","lastReadSeq":50,"previousReadSeq":41}"#)
        #expect(harness.response(moved)?.text == #"{"roomId":10,"lastReadSeq":50}"#)
        // Nothing moved, and the answer does not say where it stands.
        let unmoved = harness.send("PUT", "/chat/10/read", #"{"seq":1}"#)
        harness.answer(try harness.take(.readMove), #"{"roomId":10}"#)
        harness.answer(
            try harness.take(.roomEnter),
            #"{"roomId":10,"roomName":"","kind":"open","role":"member","lastSeq":60,"lastReadSeq":50}"#)
        #expect(harness.response(unmoved)?.text == #"{"roomId":10,"lastReadSeq":50}"#)
    }

    @Test func entersARoom() throws {
        let harness = APIHarness()
        let id = harness.send("GET", "/chat/10")
        let question = try harness.take(.roomHistory)
        #expect(question.key == "10" && question.value.text == #"{"roomId":10,"limit":50,"bytesMax":524288}"#)
        harness.answer(
            question, page(56...57, lastSeq: 57, more: true).replacing(#""more":true"#, with: #""more":false"#))
        let seen = try #require(harness.response(id))
        #expect(seen.status == 200 && seen["Epoch"] == "1")
        #expect(
            seen.text
                == #"{"endpoint":"ws://127.0.0.1:8081/stomp/chat","chatRecord":{"userId":"A","roomId":10,"epoch":1,"#
                + #""lastSeq":57,"lastReadSeq":41,"chatMessage":[\#(event(56)),\#(event(57))]}}"#)
    }

    @Test(
        arguments: [
            ("https://chat.example", false, "wss://chat.example/stomp/chat"),
            ("http://chat.example/base", true, "ws://chat.example/base/stomp/chat"),
            (nil, true, "wss://127.0.0.1:8081/stomp/chat"),
        ] as [(String?, Bool, String)])
    func endpoint(_ publicURL: String?, _ isSecure: Bool, _ wanted: String) throws {
        let harness = APIHarness {
            $0.publicURL = publicURL
            $0.isSecure = isSecure
        }
        let id = harness.send("GET", "/chat/10")
        harness.answer(try harness.take(.roomHistory), page(1...1, lastSeq: 1, more: false))
        #expect(harness.response(id)?.body["endpoint"]?.string == wanted)
    }

    @Test func joinsPagesForward() throws {
        let harness = APIHarness()
        let id = harness.send("GET", "/chat/10?since=0&before=100&limit=5")
        let first = try harness.take(.roomHistory)
        #expect(first.value.text == #"{"roomId":10,"since":0,"before":100,"limit":5,"bytesMax":524288}"#)
        harness.answer(first, page(1...2, lastSeq: 9, more: true))
        let second = try harness.take(.roomHistory)
        #expect(second.value.text == #"{"roomId":10,"since":2,"before":100,"limit":3,"bytesMax":524288}"#)
        harness.answer(second, page(3...5, lastSeq: 10, more: true))
        #expect(seqs(harness.response(id)) == [1, 2, 3, 4, 5])
        #expect(harness.response(id)?.body["chatRecord"]?["lastSeq"]?.integer == 10 && harness.asked.isEmpty)
    }

    @Test func joinsPagesBackward() throws {
        let harness = APIHarness()
        let id = harness.send("GET", "/chat/10?limit=2000")
        harness.answer(try harness.take(.roomHistory), page(7...9, lastSeq: 9, more: true))
        let second = try harness.take(.roomHistory)
        #expect(second.value.text == #"{"roomId":10,"before":7,"limit":997,"bytesMax":524288}"#)
        harness.answer(second, page(1...6, lastSeq: 12, more: false))
        #expect(seqs(harness.response(id)) == [1, 2, 3, 4, 5, 6, 7, 8, 9])
        #expect(harness.response(id)?.body["chatRecord"]?["lastSeq"]?.integer == 9)
    }

    @Test func endsAPageThatGrowsTooLarge() throws {
        let harness = APIHarness { $0.historyBytesMax = 100 }
        let id = harness.send("GET", "/chat/10?limit=1000&since=0")
        harness.answer(try harness.take(.roomHistory), page(1...1, lastSeq: 9, more: true))
        #expect(seqs(harness.response(id)) == [1])
    }

    @Test func neverMixesTwoPasts() throws {
        let harness = APIHarness()
        let id = harness.send("GET", "/chat/10?since=0")
        harness.answer(try harness.take(.roomHistory), page(1...1, lastSeq: 9, more: true))
        harness.answer(try harness.take(.roomHistory), page(2...9, lastSeq: 9, more: false, epoch: 2))
        #expect(harness.response(id)?.status == 503)
    }

    @Test(arguments: [("since=10", 1), ("since=3&epoch=1", 2), ("epoch=1", 2), ("before=4&epoch=1", 2)])
    func anotherPastIsReset(_ query: String, _ epoch: Int) throws {
        let harness = APIHarness()
        let id = harness.send("GET", "/chat/10?\(query)&limit=7")
        harness.answer(try harness.take(.roomHistory), page(4...5, lastSeq: 5, more: true, epoch: epoch))
        let anew = try harness.take(.roomHistory)
        #expect(anew.value.text == #"{"roomId":10,"limit":7,"bytesMax":524288}"#)
        harness.answer(anew, page(1...5, lastSeq: 5, more: false, epoch: epoch))
        let seen = try #require(harness.response(id))
        #expect(seen.status == 200 && seen["Epoch"] == String(epoch))
        let first = seen.body["chatRecord"]?["chatMessage"]?.array?.first
        #expect(first?.text == #"{"type":"RESET","roomId":10,"epoch":\#(epoch),"lastSeq":5}"#)
        #expect(seqs(seen) == [nil, 1, 2, 3, 4, 5])
    }

    @Test func anEpochToComeIsRefused() throws {
        let harness = APIHarness()
        let id = harness.send("GET", "/chat/10?epoch=3")
        harness.answer(try harness.take(.roomHistory), page(1...1, lastSeq: 1, more: false, epoch: 2))
        #expect(harness.response(id)?.status == 400 && harness.response(id)?.code == "bad_request")
    }
}
