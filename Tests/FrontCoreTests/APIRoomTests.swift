import Chat
import JSON
import Testing

@testable import FrontCore

@Suite struct APIRoomTests {
    @Test(arguments: [("group", "owner"), ("open", "owner"), ("announce", "owner")])
    func makesARoom(_ kind: String, _ role: String) throws {
        let harness = APIHarness()
        let id = harness.send(
            "POST", "/rooms", #"{"roomName":"마당","kind":"\#(kind)","userIds":["B","A","B"],"x":null}"#, key: "k")
        let command = try harness.take(.roomCreate)
        #expect(command.key == "A" && command.headers.messageID?.version == 8)
        #expect(command.value.text == #"{"roomName":"마당","kind":"\#(kind)","userIds":["B"]}"#)
        harness.answer(
            command,
            #"{"roomId":10,"roomName":"마당","kind":"\#(kind)","operatorsOnly":false,"ownerId":"A","members":[],"#
                + #""createdAt":"2026-11-21T04:10:00.123Z"}"#)
        let seen = try #require(harness.response(id))
        #expect(seen.status == 201)
        #expect(
            seen.text == #"{"roomId":10,"roomName":"마당","kind":"\#(kind)","role":"\#(role)","muted":false,"lastSeq":0,"#
                + #""lastMessage":null,"lastReadSeq":0,"unread":0}"#)
    }

    private let made = #"{"roomId":4,"roomName":"","kind":"direct","ownerId":null,"members":[]}"#
    private let standing =
        #"{"roomId":4,"roomName":"비","kind":"direct","role":"member","muted":true,"lastSeq":3,"lastReadSeq":1}"#

    @Test func aDirectRoomIsCalledAsTheOther() throws {
        let harness = APIHarness()
        let id = harness.send("POST", "/rooms", #"{"kind":"direct","userIds":["0"],"roomName":7}"#)
        let make = try harness.take(.roomCreate)
        #expect(make.key == "0|A" && make.value.text == #"{"roomName":"","kind":"direct","userIds":["0"]}"#)
        harness.answer(make, made)
        harness.answer(
            try harness.take(.roomEnter),
            #"{"roomId":4,"roomName":"비","kind":"direct","role":"member","muted":false,"lastSeq":0,"lastReadSeq":0}"#)
        let seen = try #require(harness.response(id))
        #expect(seen.status == 201)
        #expect(
            seen.text == #"{"roomId":4,"roomName":"비","kind":"direct","role":"member","muted":false,"lastSeq":0,"#
                + #""lastMessage":null,"lastReadSeq":0,"unread":0}"#)
    }

    @Test func aDirectRoomIsMadeOnce() throws {
        let harness = APIHarness()
        let again = harness.send("POST", "/rooms", #"{"kind":"direct","userIds":["0"]}"#)
        harness.answer(try harness.take(.roomCreate), #"{"roomId":4}"#)
        harness.answer(try harness.take(.roomEnter), standing)
        let events = [
            #"{"type":"MESSAGE","seq":1,"userId":"0"}"#, #"{"type":"MESSAGE","seq":2,"userId":"0"}"#,
            #"{"type":"MESSAGE","seq":3,"userId":"A"}"#, #"{"type":"JOIN","seq":4,"userId":"A"}"#,
        ]
        harness.answer(
            try harness.take(.roomHistory), #"{"lastSeq":4,"chatMessage":[\#(events.joined(separator: ","))]}"#)
        let seen = try #require(harness.response(again))
        #expect(seen.status == 200)
        #expect(
            seen.text == #"{"roomId":4,"roomName":"비","kind":"direct","role":"member","muted":true,"lastSeq":3,"#
                + #""lastMessage":\#(events[2]),"lastReadSeq":1,"unread":1}"#)
    }

    @Test func whatWasMadeIsNeverRefused() throws {
        let harness = APIHarness()
        harness.node.directory.learn(userID: "0", name: "비")
        let id = harness.send("POST", "/rooms", #"{"kind":"direct","userIds":["0"]}"#)
        harness.answer(try harness.take(.roomCreate), made)
        harness.pass(milliseconds: 5001)
        #expect(harness.response(id)?.status == 201 && harness.response(id)?.body["roomName"]?.string == "비")
    }

    @Test func onlyOperatorsMakeTheirs() throws {
        let harness = APIHarness()
        let id = harness.send("POST", "/rooms", #"{"roomName":"r","kind":"open","operatorsOnly":true}"#)
        let command = try harness.take(.roomCreate)
        #expect(command.value["operatorsOnly"]?.bool == true)
        harness.refuse(command, .forbidden)
        #expect(harness.response(id)?.status == 403 && harness.response(id)?.code == "forbidden")
    }

    @Test func listsRooms() throws {
        let harness = APIHarness()
        let id = harness.send("GET", "/rooms?kind=open&after=x%&limit=5000")
        let question = try harness.take(.roomList)
        #expect(question.value.text == #"{"kind":"open","after":"x%","limit":1000}"#)
        harness.answer(question, #"{"rooms":[{"roomId":1,"lastMessage":{"message":"]"}}],"next":"y"}"#)
        #expect(harness.response(id)?.text == #"{"rooms":[{"roomId":1,"lastMessage":{"message":"]"}}],"next":"y"}"#)
        _ = harness.send("GET", "/rooms")
        #expect(try harness.take(.roomList).value.text == #"{"limit":100}"#)
    }

    @Test func participants() throws {
        let harness = APIHarness()
        let list = harness.send("GET", "/chat/10/participants?limit=2")
        let question = try harness.take(.roomParticipants)
        #expect(question.key == "10" && question.value.text == #"{"roomId":10,"limit":2}"#)
        let one = #"{"userId":"A","userName":"a","role":"owner","joinedAt":"x","lastReadSeq":5"#
        harness.answer(question, #"{"participants":[\#(one)}]}"#)
        #expect(harness.response(list)?.text == #"{"participants":[\#(one),"online":false}]}"#)

        let add = harness.send("POST", "/chat/10/participants", #"{"userIds":["me","B"]}"#, key: "k")
        let command = try harness.take(.memberAdd)
        #expect(command.value.text == #"{"roomId":10,"userIds":["A","B"]}"# && command.headers.messageID?.version == 8)
        harness.answer(command, #"{"roomId":10}"#)
        #expect(harness.response(add)?.status == 200)

        let leave = harness.send("DELETE", "/chat/10/participants/me")
        let removal = try harness.take(.memberRemove)
        #expect(removal.value.text == #"{"roomId":10,"userId":"A"}"# && removal.headers.messageID?.version == 7)
        harness.answer(removal, #"{"type":"LEAVE","roomId":10,"seq":3}"#)
        #expect(harness.response(leave)?.status == 204 && harness.response(leave)?.text == "")

        let role = harness.send("PUT", "/chat/10/participants/B", #"{"role":"admin"}"#)
        let change = try harness.take(.memberRole)
        #expect(change.value.text == #"{"roomId":10,"userId":"B","role":"admin"}"#)
        harness.answer(change, #"{"roomId":10}"#)
        #expect(harness.response(role)?.text == #"{"roomId":10,"userId":"B","role":"admin"}"#)
    }

    @Test func aRoomThatIsNotThereAndOneThatIsNotOursAreTheSame() throws {
        let harness = APIHarness()
        var texts: Set<String> = []
        for room in ["1", "999", "99999999999999999999999999"] {
            let id = harness.send("GET", "/chat/\(room)") { $0.requestID = "r" }
            let question = try harness.take(.roomHistory)
            harness.answer(question, String(decoding: ChatError.notAMember.json, as: UTF8.self), refused: true)
            #expect(harness.response(id)?.status == 403)
            texts.insert(harness.response(id)?.text ?? "")
        }
        #expect(texts.count == 1)
    }
}
