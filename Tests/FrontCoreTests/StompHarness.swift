import Chat
import JSON
import Stomp

@testable import FrontCore

/// STOMP clients of a node: octets go in through the real parser, frames come out through the real reader.
final class StompHarness {
    let harness: NodeHarness
    var node: FrontNode { harness.node }
    private var clients: [UInt64: Client] = [:]
    private let scratch = StompScratch()

    private final class Client {
        var parser = StompParser()
        var reader = StompFrameReader()
    }

    init(configure: (inout FrontSettings) -> Void = { _ in }) { harness = NodeHarness(configure: configure) }

    static func person(_ userID: String, session: String = "session", expires: Int64 = .max) -> Person {
        Person(userID: userID, userName: "Name \(userID)", sessionID: session, expiresAtMilliseconds: expires)
    }

    /// Opens a connection without CONNECT.
    func open(_ id: UInt64 = 1, as person: Person? = nil, transport: Transport = .raw) {
        clients[id] = Client()
        node.connected(ConnectionID(raw: id), transport: transport, person: person)
        harness.run()
    }

    /// Opens a connection, logs in through the handshake, and takes CONNECTED away.
    func connect(
        _ id: UInt64 = 1, as user: String = "A", version: String = "1.2", heartBeat: String = "0,0",
        errors: Bool = false
    ) {
        open(id, as: Self.person(user))
        send(id, "CONNECT\naccept-version:\(version)\nhost:x\nheart-beat:\(heartBeat)\n\n^@")
        if errors { send(id, "SUBSCRIBE\nid:e\ndestination:/user/queue/errors\n\n^@") }
        _ = frames(id)
    }

    /// Octets of client 1.
    func send(_ text: String) { send(1, text) }

    /// Octets of a client; `^@` stands for NULL.
    func send(_ id: UInt64, _ text: String) {
        guard let client = clients[id] else { return }
        let bytes = Array(text.replacingNulls.utf8)
        bytes.withUnsafeBytes { buffer in
            var input = StompInput(buffer)
            do throws(StompError) {
                while let view = try client.parser.next(&input, scratch) {
                    client.parser.version = node.received(ConnectionID(raw: id), view)
                }
                node.heard(from: ConnectionID(raw: id))
            } catch {
                node.protocolError(ConnectionID(raw: id), error)
            }
        }
        harness.run()
    }

    /// What came to a connection since it was asked last; raw transports alone.
    func frames(_ id: UInt64 = 1) -> [StompFrame] {
        harness.run()
        let text = harness.sent.removeValue(forKey: ConnectionID(raw: id)) ?? ""
        var frames: [StompFrame] = []
        try? clients[id]?.reader.receive(Array(text.utf8), into: &frames)
        return frames
    }

    /// Why a connection was closed; nil while it lives.
    func closed(_ id: UInt64 = 1) -> FrontCore.CloseReason? {
        harness.run()
        return harness.closed[ConnectionID(raw: id)]
    }

    /// Answers the oldest `room.enter`.
    func answerEnter(
        room: RoomID = 10, kind: String = "group", role: String? = "member", lastSeq: Seq = 57, lastRead: Seq = 41
    ) {
        guard let request = harness.takeRequest(.roomEnter) else { return }
        let role = role.map { "\"\($0)\"" } ?? "null"
        harness.answer(
            request.headers,
            #"{"roomId":\#(room),"roomName":"r","kind":"\#(kind)","operatorsOnly":false,"role":\#(role),"muted":false,"#
                + #""lastSeq":\#(lastSeq),"lastReadSeq":\#(lastRead),"epoch":1}"#)
    }

    /// Answers the oldest `message.send` as stored with `seq`; returns its value.
    @discardableResult
    func store(seq: Seq, room: RoomID = 10) -> JSONValue? {
        guard let request = harness.takeRequest(.messageSend), let id = request.headers.messageID else { return nil }
        let event = Event(
            roomID: room, seq: seq, messageID: id, userID: request.headers.userID ?? "",
            createdAtMilliseconds: 0,
            content: .message(text: request.value["message"]?.string ?? "", replyTo: nil, mentions: []))
        harness.answer(request.headers, String(decoding: event.json, as: UTF8.self))
        return request.value
    }

    /// Refuses the oldest request of `type`.
    func refuse(_ type: RecordType, code: String) {
        guard let request = harness.takeRequest(type) else { return }
        harness.answer(request.headers, #"{"error":{"code":"\#(code)","message":"no"}}"#, refused: true)
    }

    /// Subscribes to room 10 and lets it stand at seq 57.
    func subscribe(_ id: UInt64 = 1, subscription: String = "s", ack: String = "auto") {
        send(id, "SUBSCRIBE\nid:\(subscription)\ndestination:/sub/chat/room/10\nack:\(ack)\n\n^@")
        answerEnter()
        _ = frames(id)
    }

    /// Lets an event of room 10 come.
    func event(_ seq: Seq) {
        harness.node.directory.learn(userID: "B", name: "Name B")
        harness.fact(
            Event(
                roomID: 10, seq: seq, messageID: MessageID(high: 7, low: UInt64(seq)), userID: "B",
                createdAtMilliseconds: 0, content: .message(text: "m\(seq)", replyTo: nil, mentions: [])))
    }
}

extension String {
    fileprivate var replacingNulls: String {
        split(separator: "^@", omittingEmptySubsequences: false).joined(separator: "\0")
    }
}

extension StompFrame {
    /// The body as JSON.
    var json: JSONValue { (try? JSONParser.parse(Array(body))) ?? .null }
    /// The code in a refusal.
    var code: String? { json["error"]?["code"]?.string }
    /// Command and the most telling header, for tables.
    var brief: String {
        switch command {
        case .receipt: "RECEIPT \(self["receipt-id"] ?? "-")"
        case .error: "ERROR \(self["message"] ?? "-")"
        case .message: "MESSAGE \(self["subscription"] ?? "-")"
        default: "\(command.name)"
        }
    }
}
