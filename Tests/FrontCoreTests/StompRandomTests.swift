import Chat
import JSON
import Stomp
import TestSupport
import Testing

@testable import FrontCore

/// Clients that send anything and backends that answer anyhow: whatever comes, each receipt that was asked for is
/// answered exactly once while its connection lives, and nothing is left over at the end.
@Suite struct StompRandomTests {
    @Test(arguments: 0..<20)
    func everyReceiptIsAnsweredOnce(seed: Int) {
        for part in 0..<5 {
            var run = Run(seed: UInt64(seed * 5 + part))
            run.play()
        }
    }
}

/// One random conversation.
private struct Run {
    let seed: UInt64
    var random: SeededRandom
    let stomp = StompHarness {
        $0.pendingPerConnectionMax = 6
        $0.unacknowledgedMax = 3
        $0.unacknowledgedPerConnectionMax = 4
        $0.transactionsMax = 2
        $0.transactionFramesMax = 3
        $0.subscriptionsPerConnectionMax = 5
    }
    var receipts = 0
    var seq: Seq = 0
    /// Receipts that must be answered, and those of SENDs in transactions, which may be.
    var wanted: [UInt64: Set<String>] = [:]
    var answered: [UInt64: [String]] = [:]
    /// Acks seen, to be given back.
    var acks: [UInt64: [String]] = [:]

    init(seed: UInt64) {
        self.seed = seed
        random = SeededRandom(seed: seed)
    }

    mutating func play() {
        for id: UInt64 in 1...3 {
            stomp.connect(id, as: id == 3 ? "B" : "A", version: pick(["1.0", "1.1", "1.2", "1.2"]), errors: id != 2)
        }
        for _ in 0..<60 {
            let id = UInt64.random(in: 1...3, using: &random)
            if stomp.closed(id) == nil { stomp.send(id, frame(id)) }
            if Int.random(in: 0..<3, using: &random) > 0 { answerSomething() }
            if Int.random(in: 0..<4, using: &random) == 0 {
                seq += 1
                stomp.event(seq)
            }
            look()
            check()
        }
        for _ in 0..<40 {
            answerSomething()
            look()
        }
        stomp.harness.pass(milliseconds: 40_000)
        stomp.harness.pass(milliseconds: 1_000)
        look()
        finish()
    }

    private mutating func pick(_ choices: [String]) -> String { choices.randomElement(using: &random) ?? "" }

    private mutating func frame(_ id: UInt64) -> String {
        let command = pick([
            "SEND", "SEND", "SEND", "SEND", "SUBSCRIBE", "SUBSCRIBE", "UNSUBSCRIBE", "ACK", "NACK", "BEGIN", "COMMIT",
            "ABORT", "DISCONNECT", "SEND", "SEND", "ACK", "ACK", "HELLO",
        ])
        // Rarely what ends a connection, so that most conversations go on.
        if command == "DISCONNECT" || command == "HELLO", Int.random(in: 0..<8, using: &random) > 0 {
            return "\n"
        }
        var head = "\(command)\n"
        let transaction = pick(["t", "u"])
        let isInTransaction = command == "SEND" && Int.random(in: 0..<4, using: &random) == 0
        switch command {
        case "SEND":
            head += "destination:"
            head += pick([
                "/pub/chat/room/10", "/pub/chat/room/10", "/pub/chat/room/11", "/pub/chat/enter", "/pub/chat/read",
                "/nowhere",
            ])
            head += "\n" + pick(["", "", "content-type:text/plain\n", "idempotency-key:k\n"])
            if isInTransaction { head += "transaction:\(transaction)\n" }
        case "SUBSCRIBE":
            head += "id:\(pick(["a", "b", "c"]))\n"
            head += "destination:\(pick(["/sub/chat/room/10", "/topic/chat/room/10", "/user/queue/notifications"]))\n"
            head += pick(["", "ack:client\n", "ack:client-individual\n"]) + pick(["", "", "since:0\n", "since:x\n"])
        case "UNSUBSCRIBE": head += "id:\(pick(["a", "b", "c"]))\n"
        case "ACK", "NACK":
            let ack = acks[id]?.randomElement(using: &random) ?? "1-1"
            head += "id:\(ack)\nmessage-id:\(ack)\nsubscription:\(pick(["a", "b"]))\n"
            head += pick(["", "", "transaction:t\n"])
        case "BEGIN", "COMMIT", "ABORT": head += "transaction:\(transaction)\n"
        default: break
        }
        if Bool.random(using: &random) {
            receipts += 1
            head += "receipt:r\(receipts)\n"
            if !isInTransaction { wanted[id, default: []].insert("r\(receipts)") }
        }
        let body = command == "SEND" ? pick([#"{"message":"hi","roomId":10,"seq":1}"#, #"{"roomId":10}"#, "x"]) : ""
        return head + "\n" + body + "^@"
    }

    private mutating func answerSomething() {
        let type: RecordType? =
            [.messageSend, .roomEnter, .memberAdd, .readMove, .roomHistory].randomElement(using: &random)
        guard let type else { return }
        if Int.random(in: 0..<4, using: &random) == 0 {
            stomp.refuse(type, code: pick(["not_a_member", "unavailable", "nonsense"]))
            return
        }
        switch type {
        case .messageSend: stomp.store(seq: 1)
        case .roomEnter:
            stomp.answerEnter(
                kind: pick(["open", "group"]), role: Bool.random(using: &random) ? "member" : nil, lastSeq: seq)
        default:
            guard let request = stomp.harness.takeRequest(type) else { return }
            stomp.harness.answer(request.headers, #"{"roomId":10}"#)
        }
    }

    /// Notes what came.
    private mutating func look() {
        for id: UInt64 in 1...3 {
            for frame in stomp.frames(id) {
                if let receipt = frame["receipt-id"] ?? frame.json["receiptId"]?.string {
                    answered[id, default: []].append(receipt)
                }
                if let ack = frame["ack"] ?? frame["message-id"], frame.command == .message {
                    acks[id, default: []].append(ack)
                }
            }
        }
    }

    /// What holds at any time.
    private func check() {
        for connection in stomp.node.stomp.connections.values {
            let waiting = connection.subscriptions.reduce(0) { $0 + $1.window.count }
            #expect(Int(connection.unacknowledged) == waiting, "seed \(seed)")
            #expect(waiting <= 4, "seed \(seed)")
        }
    }

    private func finish() {
        for id: UInt64 in 1...3 {
            let got = answered[id] ?? []
            #expect(Set(got).count == got.count, "seed \(seed): answered twice")
            let missing = (wanted[id] ?? []).subtracting(got)
            if stomp.closed(id) == nil { #expect(missing.isEmpty, "seed \(seed): \(missing) of \(id)") }
            stomp.node.disconnected(ConnectionID(raw: id))
        }
        #expect(stomp.node.stomp.connections.isEmpty && stomp.node.stomp.perUser.isEmpty, "seed \(seed)")
        #expect(stomp.node.rooms.values.allSatisfy { $0.members.isEmpty && $0.groups.isEmpty }, "seed \(seed)")
        #expect(stomp.node.draining.isEmpty, "seed \(seed)")
    }
}
