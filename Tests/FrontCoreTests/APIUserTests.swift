import Chat
import Crypto
import JSON
import Testing

@testable import FrontCore

@Suite struct APIUserTests {
    @Test func signsUpWithASealedVerifier() throws {
        let harness = APIHarness()
        // A decomposed name is the same person.
        let id = harness.send(
            "POST", "/users",
            "{\"userId\":\"\u{1100}\u{1175}\u{11B7}\",\"userName\":\"김에이\",\"password\":\"비밀번호\",\"more\":[1]}",
            as: nil)
        #expect(harness.jobs.first?.password == Array("비밀번호".utf8) && harness.jobs.first?.iterations == 4096)
        #expect(harness.jobs.first?.salt.count == 16)
        try harness.derive()
        let create = try harness.take(.userCreate)
        #expect(create.key == "김" && create.value["userId"]?.string == "김" && create.headers.messageID != nil)
        let credential = try #require(create.value["credential"]?.string)
        let sealed = try #require(Base64.decode(credential))
        let key = harness.node.settings.keys.credential
        let opened = try #require(AES256GCM.open(sealed, key: key, authenticated: Array("김".utf8)))
        #expect(String(decoding: opened, as: UTF8.self).hasPrefix("SCRAM-SHA-256$4096:"))
        #expect(harness.response(id) == nil)
        harness.answer(create, #"{"userId":"김","userName":"김에이"}"#)
        let seen = try #require(harness.response(id))
        #expect(seen.status == 201 && seen.text == #"{"userId":"김","userName":"김에이"}"#)
        #expect(seen["Set-Cookie"] == nil)
        #expect(!harness.everything.contains(Array("비밀번호".utf8)))
    }

    @Test func aTakenNameIsRefused() throws {
        let harness = APIHarness()
        let id = harness.send("POST", "/users", #"{"userId":"A","userName":"a","password":"abcd"}"#, as: nil)
        try harness.derive()
        harness.refuse(try harness.take(.userCreate), .alreadyExists)
        #expect(harness.response(id)?.status == 409 && harness.response(id)?.code == "already_exists")
    }

    @Test func showsAProfile() throws {
        let harness = APIHarness()
        let id = harness.send("GET", "/users/B")
        let question = try harness.take(.userGet)
        #expect(question.value.text == #"{"userIds":["B"]}"#)
        harness.answer(question, #"{"users":[{"userId":"B","userName":"비","userStatus":"밥 먹는 중"}]}"#)
        #expect(
            harness.response(id)?.text
                == #"{"userId":"B","userName":"비","userStatus":"밥 먹는 중","online":false,"lastSeenAt":null}"#)
        let unknown = harness.send("GET", "/users/C")
        harness.answer(try harness.take(.userGet), #"{"users":[]}"#)
        #expect(harness.response(unknown)?.status == 404 && harness.response(unknown)?.code == "not_found")
        _ = harness.send("GET", "/users/me")
        #expect(try harness.take(.userGet).value.text == #"{"userIds":["A"]}"#)
    }

    @Test func changesNameAndStatus() throws {
        let harness = APIHarness()
        let rename = harness.send("PUT", "/users/me", #"{"userName":"새 이름"}"#)
        let command = try harness.take(.userRename)
        #expect(command.value.text == #"{"userName":"새 이름"}"# && command.headers.userID == "A")
        harness.answer(command, #"{"userId":"A","userName":"새 이름","userStatus":"s"}"#)
        #expect(harness.response(rename)?.text == #"{"userId":"A","userName":"새 이름","userStatus":"s"}"#)
        #expect(harness.node.directory["A"]?.name == "새 이름")
        let status = harness.send("PUT", "/users/me/status", #"{"userStatus":""}"#)
        harness.answer(try harness.take(.userStatus), #"{"userId":"A","userName":"새 이름","userStatus":""}"#)
        #expect(harness.response(status)?.text == #"{"userId":"A","userName":"새 이름","userStatus":""}"#)
    }
}
