import Foundation
import TestSupport
import Testing

/// CONTRACT section 3: nothing is refused silently.
@Suite(.serialized) struct StompRefusalTests {
    private func client() throws -> StompClient { try .connected(port: try Shared.front().port, "alice") }

    /// A SEND, the code it is refused with.
    private static let refused: [(destination: String, type: String, body: String, code: String)] = [
        ("/pub/chat/room/987654321", "text/plain", "x", "not_a_member"),
        ("/pub/chat/room/1", "text/plain", "  ", "invalid"), ("/pub/chat/room/1", "application/json", "{}", "invalid"),
        ("/pub/chat/room/1", "application/json", "nonsense", "bad_request"),
        ("/pub/chat/message", "", "{\"message\":\"x\"}", "invalid"),
        ("/pub/chat/room/1", "text/plain", String(repeating: "a", count: 65_537), "too_large"),
        ("/publish/chat", "", "{\"chatRoomId\":1,\"type\":\"DANCE\",\"message\":\"x\"}", "invalid"),
    ]

    @Test(arguments: 0..<7)
    func aRefusalGoesToTheErrorsOfTheConnection(index: Int) throws {
        let send = Self.refused[index]
        let client = try client()
        try client.subscribe("/user/queue/errors", id: "errors")
        var headers = ["destination": send.destination, "receipt": "r"]
        if !send.type.isEmpty { headers["content-type"] = send.type }
        try client.send("SEND", headers, send.body)
        let error = try client.wait { $0["subscription"] == "errors" }
        let object = error.json["error"] as? [String: Any]
        #expect(object?["code"] as? String == send.code && object?["message"] is String, "\(error.body)")
        #expect(error.json["receiptId"] as? String == "r" && error.json["destination"] as? String == send.destination)
        try client.receipt(try client.say("still here", room: 1))
    }

    @Test(arguments: 0..<7)
    func withoutThatItIsAnErrorFrameAndTheEnd(index: Int) throws {
        let send = Self.refused[index]
        let client = try client()
        var headers = ["destination": send.destination, "receipt": "r"]
        if !send.type.isEmpty { headers["content-type"] = send.type }
        try client.send("SEND", headers, send.body)
        let error = try client.wait { $0.command == "ERROR" }
        #expect(error["message"] == send.code && error["receipt-id"] == "r")
        #expect((error.json["error"] as? [String: Any])?["code"] as? String == send.code)
        #expect(try client.closing() == 1002)
    }

    @Test(arguments: [
        "/sub/chat/room/*", "/sub/chat/room/abc", "/user/bob/queue/errors", "/nowhere", "/pub/chat/room/1",
        "/sub/chat/room/987654321",
    ])
    func whatNobodyMayHearIsRefused(destination: String) throws {
        let client = try client()
        try client.subscribe("/user/queue/errors", id: "errors")
        try client.send("SUBSCRIBE", ["destination": destination, "id": "1", "receipt": "s"])
        let error = try client.wait { $0["subscription"] == "errors" }
        #expect(error.json["receiptId"] as? String == "s")
        #expect(!client.frames.contains { $0["receipt-id"] == "s" })
    }

    @Test(arguments: ["/sub/chat/room/1", "/pub/chat/room/*", "/nowhere", "/user/queue/errors"])
    func whereNobodyMaySpeakIsRefused(destination: String) throws {
        let client = try client()
        try client.send("SEND", ["destination": destination, "receipt": "s"], "x")
        #expect(try client.wait { $0.command == "ERROR" }["receipt-id"] == "s")
    }

    @Test(arguments: [
        "NONSENSE\n\n\0", "SEND\n\nno destination\0", "SUBSCRIBE\nid:1\n\n\0", "SEND\nbroken header\n\n\0",
        "SEND\ndestination:/pub/chat/room/1\nx:\\t\n\nx\0", "CONNECT\naccept-version:1.2\n\n\0",
        "SUBSCRIBE\ndestination:/sub/chat/room/1\n\n\0",
    ])
    func whatBreaksTheProtocolEndsIt(frame: String) throws {
        let client = try client()
        try client.send(opcode: 1, Array(frame.utf8))
        _ = try client.wait { $0.command == "ERROR" }
        #expect(try client.closing() == 1002)
    }

    @Test func nothingComesBeforeConnect() throws {
        let client = try StompClient(port: try Shared.front().port)
        try client.send("SUBSCRIBE", ["destination": "/sub/chat/room/1", "id": "0"])
        _ = try client.wait { $0.command == "ERROR" }
        #expect(try client.closing() != nil)
    }

    @Test func versionsNobodyKnowsAreTold() throws {
        let client = try StompClient(port: try Shared.front().port)
        try client.send("CONNECT", ["accept-version": "2.1", "login": "alice", "passcode": "demo"])
        #expect(try client.wait { $0.command == "ERROR" }["version"]?.contains("1.2") == true)
    }

    @Test func aMessageOverTheLimitEndsTheConnection() throws {
        let client = try client()
        try client.send(opcode: 1, [UInt8](repeating: 97, count: 256 * 1024 + 1))
        _ = try client.wait { $0.command == "ERROR" }
        #expect(try client.closing() == 1009)
    }

    @Test(
        arguments: [
            ([0x81, 0x01, 0x41], 1002), ([0xF1, 0x80, 0, 0, 0, 0], 1002), ([0x83, 0x80, 0, 0, 0, 0], 1002),
            ([0x81, 0x82, 0, 0, 0, 0, 0xC3, 0x28], 1007), ([0x09, 0x80, 0, 0, 0, 0], 1002),
        ] as [([UInt8], Int)])
    func aMalformedWebSocketFrameEndsIt(bytes: [UInt8], code: Int) throws {
        let client = try client()
        try client.send(raw: bytes)
        #expect(try client.closing() == code)
    }
}
