import Chat
import JSON
import Testing

@testable import FrontCore

@Suite struct AnswerTests {
    private func answer(_ json: String) -> Answer {
        Answer(type: "room.history", messageID: nil, epoch: 3, value: Array(json.utf8))
    }

    @Test func readsEnter() throws {
        let enter = try EnterAnswer(
            answer(
                #"{"roomId":10,"roomName":"마당","kind":"group","operatorsOnly":false,"role":"admin","muted":true,"#
                    + #""lastSeq":57,"lastReadSeq":41,"epoch":2}"#))
        #expect(enter.roomID == 10 && enter.roomName == "마당" && enter.kind == .group && enter.role == .admin)
        #expect(enter.muted && !enter.operatorsOnly && enter.lastSeq == 57 && enter.lastReadSeq == 41)
        #expect(enter.epoch == 2)
        let guest = try EnterAnswer(
            answer(#"{"roomId":1,"roomName":"a","kind":"open","role":null,"lastSeq":0,"lastReadSeq":0}"#))
        #expect(guest.role == nil && guest.epoch == 3)
    }

    @Test(arguments: ["", "[]", "{}", #"{"roomId":1,"kind":"round","lastSeq":0}"#, #"{"roomId":1,"kind":"open"}"#])
    func refusesOtherEnter(_ json: String) {
        #expect(throws: ChatError.unreadableAnswer) { try EnterAnswer(answer(json)) }
    }

    @Test func splitsHistoryByteForByte() throws {
        let one =
            #"{"type":"MESSAGE","roomId":10,"seq":4,"messageId":"0198c0de-0000-7000-8000-000000000001","userId":"A","#
            + #""writerId":"A","writer":"김","message":"]}\",[{","createdAt":"2026-11-21T04:10:00.123Z"}"#
        let two = #"{"seq" : 5, "type":"RENAME", "x":[1,{"y":"\\"}]}"#
        let page = try HistoryAnswer(
            answer(
                #"{"roomId":10,"epoch":1,"lastSeq":57,"lastReadSeq":41,"more":true,"chatMessage":[\#(one), \#(two)]}"#))
        #expect(page.epoch == 1 && page.lastSeq == 57 && page.lastReadSeq == 41 && page.more)
        #expect(page.events.map(\.seq) == [4, 5])
        #expect(page.events.map { String(decoding: $0.json, as: UTF8.self) } == [one, two])
        let empty = try HistoryAnswer(answer(#"{"lastSeq":0,"chatMessage":[]}"#))
        #expect(empty.events.isEmpty && !empty.more && empty.epoch == 3)
    }

    @Test func refusesHistoryCutAnywhere() {
        let whole = Array(#"{"lastSeq":1,"chatMessage":[{"seq":1,"m":"a\"b"},{"seq":2}]}"#.utf8)
        for count in 0..<whole.count {
            #expect(throws: ChatError.unreadableAnswer) {
                try HistoryAnswer(answer(String(decoding: whole[..<count], as: UTF8.self)))
            }
        }
    }
}
