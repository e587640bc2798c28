import Foundation
import TestSupport
import Testing

/// CONTRACT section 2, Rooms.
@Suite(.serialized) struct RoomTests {
    @Test(arguments: ["group", "open", "announce"])
    func aRoomHasItsMakerAsOwner(kind: String) throws {
        let (owner, other) = (try Shared.person(), try Shared.person())
        let answer = try owner.call("POST", "/rooms", json(["roomName": "마당", "kind": kind, "userIds": [other.id]]))
        #expect(answer.status == 201)
        let made = answer.json
        #expect(made["roomName"] as? String == "마당" && made["kind"] as? String == kind)
        #expect(made["role"] as? String == "owner" && made["muted"] as? Bool == false)
        #expect(made["lastSeq"] as? Int == 0 && made["lastReadSeq"] as? Int == 0 && made["unread"] as? Int == 0)
        #expect(made["lastMessage"] is NSNull)
        let room = try #require(made["roomId"] as? Int)
        let listed = try other.call.at(port: owner.call.port + 1)("GET", "/rooms").list("rooms")
        #expect(listed.map { $0["roomId"] as? Int } == [room])
        #expect(listed.first?["role"] as? String == "member")
        let people = try owner.call("GET", "/chat/\(room)/participants").list("participants")
        #expect(Set(people.compactMap { $0["userId"] as? String }) == [owner.id, other.id])
        for field in ["userName", "role", "joinedAt"] { #expect(people.allSatisfy { $0[field] is String }) }
    }

    @Test func aDirectRoomIsOneForBoth() throws {
        let (one, two) = (try Shared.person(), try Shared.person())
        let first = try one.call("POST", "/rooms", json(["kind": "direct", "userIds": [two.id]]))
        #expect(first.status == 201)
        let again = try two.call.at(port: two.call.port + 1)(
            "POST", "/rooms", json(["kind": "direct", "userIds": [one.id]]))
        #expect(again.status == 200)
        #expect(first.json["roomId"] as? Int == again.json["roomId"] as? Int)
        let room = try #require(first.json["roomId"] as? Int)
        let invite = try one.call("POST", "/chat/\(room)/participants", json(["userIds": ["alice"]]))
        #expect(invite.status == 403 && invite.code == "forbidden")
        let leave = try one.call("DELETE", "/chat/\(room)/participants/me")
        #expect(leave.status == 403)
    }

    @Test func manyAtOnceGetOneDirectRoom() async throws {
        let (one, two) = (try Shared.person(), try Shared.person())
        let answers = try await withThrowingTaskGroup(of: (Int, Int?).self) { group in
            for turn in 0..<6 {
                let (asker, other) = turn.isMultiple(of: 2) ? (one, two) : (two, one)
                group.addTask {
                    let port = asker.call.port + UInt16(turn / 3)
                    let answer = try asker.call.at(port: port)(
                        "POST", "/rooms", json(["kind": "direct", "userIds": [other.id]]))
                    return (answer.status, answer.json["roomId"] as? Int)
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(Set(answers.map(\.1)).count == 1 && answers.allSatisfy { $0.1 != nil })
        #expect(answers.filter { $0.0 == 201 }.count == 1 && answers.filter { $0.0 == 200 }.count == 5)
    }

    @Test func whatIsNoRoomIsRefused() throws {
        let person = try Shared.person()
        func refused(_ body: [String: Any]) throws -> String? { try person.call("POST", "/rooms", json(body)).code }
        #expect(try refused(["roomName": "a", "kind": "club", "userIds": [String]()]) == "invalid")
        #expect(try refused(["roomName": "a", "userIds": [String]()]) == "invalid")
        #expect(try refused(["roomName": "a", "kind": "group", "userIds": "alice"]) == "invalid")
        #expect(try refused(["kind": "direct", "userIds": [String]()]) == "invalid")
        #expect(try refused(["kind": "direct", "userIds": ["alice", "bob"]]) == "invalid")
        #expect(try refused(["roomName": "a", "kind": "group", "userIds": [Shared.newID("no")]]) == "not_found")
    }

    @Test func roomsOneMayNotSeeLookLikeNone() throws {
        let (owner, stranger) = (try Shared.person(), try Shared.person())
        let room = try Shared.room(owner.call)
        func words(_ room: Int, _ method: String, _ path: String, _ body: String? = nil) throws -> [String?] {
            let answer = try stranger.call(method, "/chat/\(room)\(path)", body)
            let message = (answer.json["error"] as? [String: Any])?["message"] as? String
            return ["\(answer.status)", answer.code, message]
        }
        let asks: [(String, String, String?)] = [
            ("GET", "", nil), ("POST", "", json(["message": "hi"])), ("GET", "/participants", nil),
            ("POST", "/participants", json(["userIds": [stranger.id]])),
        ]
        for (method, path, body) in asks {
            let real = try words(room, method, path, body)
            #expect(real == (try words(987_654_321, method, path, body)))
            #expect(real[0] == "403" && real[1] == "not_a_member", "\(method) \(path): \(real)")
        }
        let noNumber = try stranger.call("GET", "/chat/abc")
        #expect(noNumber.status == 404 && noNumber.code == "not_found")
    }

    @Test func anOpenRoomIsReadByAllAndEnteredBySpeaking() throws {
        let (owner, guest) = (try Shared.person(), try Shared.person())
        let room = try Shared.room(owner.call, kind: "open")
        #expect(try owner.call("POST", "/chat/\(room)", json(["message": "welcome"])).status == 200)
        #expect(try guest.call("GET", "/chat/\(room)").status == 200)
        #expect(try guest.call("GET", "/rooms").list("rooms").isEmpty)
        let found = try guest.call("GET", "/rooms?kind=open&limit=1000").list("rooms")
        #expect(found.contains { $0["roomId"] as? Int == room })
        let said = try guest.call("POST", "/chat/\(room)", json(["message": "hello"]))
        #expect(said.json["seq"] as? Int == 3)
        let events = try history(guest.call, room)
        #expect(events.map { $0["type"] as? String } == ["MESSAGE", "JOIN", "MESSAGE"])
        #expect(events[1]["targetId"] as? String == guest.id)
        #expect(try guest.call("GET", "/rooms").list("rooms").count == 1)
    }

    @Test func onlyTheHeadsOfAnAnnounceRoomWrite() throws {
        let (owner, member) = (try Shared.person(), try Shared.person())
        let room = try Shared.room(owner.call, kind: "announce", with: [member.id])
        let refused = try member.call("POST", "/chat/\(room)", json(["message": "me too"]))
        #expect(refused.status == 403 && refused.code == "forbidden")
        #expect(try owner.call("POST", "/chat/\(room)", json(["message": "news"])).json["seq"] as? Int == 1)
        let role = try owner.call("PUT", "/chat/\(room)/participants/\(member.id)", json(["role": "admin"]))
        #expect(role.status == 200)
        #expect(try member.call("POST", "/chat/\(room)", json(["message": "me"])).json["seq"] as? Int == 3)
    }

    @Test func whoLeavesPassesTheRoomOn() throws {
        let (owner, member, third) = (try Shared.person(), try Shared.person(), try Shared.person())
        let room = try Shared.room(owner.call, with: [member.id])
        let invited = try member.call("POST", "/chat/\(room)/participants", json(["userIds": [third.id, owner.id]]))
        #expect(invited.status == 200)
        let removal = try third.call("DELETE", "/chat/\(room)/participants/\(member.id)")
        #expect(removal.status == 403 && removal.code == "forbidden")
        #expect(try owner.call("DELETE", "/chat/\(room)/participants/me").status == 204)
        let events = try history(member.call, room)
        #expect(events.map { $0["type"] as? String } == ["JOIN", "LEAVE", "ROLE"])
        #expect(events.last?["targetId"] as? String == member.id && events.last?["role"] as? String == "owner")
        #expect(try owner.call("GET", "/chat/\(room)").status == 403)
        #expect(try member.call("DELETE", "/chat/\(room)/participants/\(third.id)").status == 204)
        #expect(try third.call("GET", "/chat/\(room)").status == 403)
        #expect(try history(member.call, room).compactMap { $0["seq"] as? Int } == [1, 2, 3, 4])
    }

    @Test func readingMovesForwardAlone() throws {
        let (one, two) = (try Shared.person(), try Shared.person())
        let room = try Shared.room(one.call, with: [two.id])
        for text in ["a", "b", "c"] { _ = try one.call("POST", "/chat/\(room)", json(["message": text])) }
        #expect(try two.call("GET", "/rooms").list("rooms").first?["unread"] as? Int == 3)
        let moved = try two.call("PUT", "/chat/\(room)/read", json(["seq": 2]))
        #expect(moved.status == 200 && moved.json["lastReadSeq"] as? Int == 2)
        #expect(try two.call("PUT", "/chat/\(room)/read", json(["seq": 1])).json["lastReadSeq"] as? Int == 2)
        #expect(try two.call("PUT", "/chat/\(room)/read", json(["seq": 99])).json["lastReadSeq"] as? Int == 3)
        #expect(try two.call("GET", "/rooms").list("rooms").first?["unread"] as? Int == 0)
        #expect(try two.call("GET", "/chat/\(room)").json(at: "chatRecord")["lastReadSeq"] as? Int == 3)
    }
}

/// All events of a room, as one page.
func history(_ caller: HTTPCaller, _ room: Int, query: String = "limit=1000") throws -> [[String: Any]] {
    let answer = try caller("GET", "/chat/\(room)?\(query)")
    guard answer.status == 200 else { throw Wire.Failure(description: "no history: \(answer.status) \(answer.body)") }
    return answer.json(at: "chatRecord")["chatMessage"] as? [[String: Any]] ?? []
}

extension HTTPAnswer {
    /// An object in the object.
    func json(at name: String) -> [String: Any] { json[name] as? [String: Any] ?? [:] }
}
