internal import JSON
internal import Stomp

/// What a chat client knows and decides, without I/O: what to send, and what to show. Times are milliseconds of a
/// clock that never goes back.
struct ChatConversation {
    /// Something to do.
    enum Effect: Equatable {
        /// Send these octets, if there is a connection.
        case send([UInt8])
        /// Show a line.
        case show(String)
        /// A line of one's own that is not confirmed yet; `key` names it.
        case showPending(key: String, text: String)
        /// That line is confirmed, and this is how it reads.
        case confirm(key: String, text: String)
        /// That line will never be there.
        case fail(key: String, text: String)
        /// The token is no longer good: log in again.
        case logIn
    }

    /// The room on the screen.
    struct Room: Equatable {
        let id: Int64
        var lastSeq: Int64
        var epoch: Int64
    }

    /// Something said that has no RECEIPT yet.
    struct Pending: Equatable {
        let key: String
        let roomId: Int64
        let text: String
        let since: Int64
        var nextTry: Int64
        var messageId: String?
    }

    let userId: String
    let userName: String
    private let clock: (String) -> String
    private(set) var room: Room?
    private(set) var pending: [Pending] = []
    private var version: StompVersion = .v1_2
    private var isConnected = false

    /// A send that is not answered is sent again with its key after this long, for as long as `giveUp`.
    private static let retryMilliseconds: Int64 = 10_000
    private static let giveUpMilliseconds: Int64 = 120_000

    /// - Parameter clock: the time of day for an event's createdAt.
    init(userId: String, userName: String, clock: @escaping (String) -> String) {
        self.userId = userId
        self.userName = userName
        self.clock = clock
    }

    // MARK: Events of the connection

    /// A session begins: subscriptions with what was seen last, then what was never confirmed, in its order.
    mutating func connected(version: StompVersion, now: Int64) -> [Effect] {
        self.version = version
        isConnected = true
        var effects: [Effect] = [write { $0.subscribe(id: "errors", destination: "/user/queue/errors") }]
        effects += subscribe()
        for index in pending.indices {
            pending[index].nextTry = now + ChatConversation.retryMilliseconds
            effects.append(say(pending[index]))
        }
        return effects
    }

    /// The connection is gone.
    mutating func disconnected() { isConnected = false }

    /// What the clock asks for: things said that nobody answered are said again, under the same key.
    mutating func tick(now: Int64) -> [Effect] {
        guard isConnected else { return [] }
        var effects: [Effect] = []
        for index in pending.indices where now >= pending[index].nextTry {
            pending[index].nextTry = now + ChatConversation.retryMilliseconds
            effects.append(say(pending[index]))
        }
        return effects
    }

    // MARK: What the person does

    /// Another room comes to the screen; `lastSeq` and `epoch` are those of the history that was shown.
    mutating func enter(_ room: Room) -> [Effect] {
        var effects: [Effect] = []
        if isConnected, let old = self.room {
            effects.append(write { $0.unsubscribe(id: ChatConversation.subscription(old.id)) })
        }
        self.room = room
        if isConnected { effects += subscribe() }
        return effects
    }

    /// Something is said in the room on the screen. `key` is new.
    mutating func say(_ text: String, key: String, now: Int64) -> [Effect] {
        guard let room else { return [.show("-- enter a room first: /rooms, /join N")] }
        let said = Pending(
            key: key, roomId: room.id, text: text, since: now, nextTry: now + ChatConversation.retryMilliseconds)
        pending.append(said)
        let shown = Effect.showPending(key: key, text: line(said, mark: "… "))
        return isConnected ? [shown, say(said)] : [shown]
    }

    // MARK: Frames

    /// A frame of the server.
    mutating func received(_ frame: StompFrame, now: Int64) -> [Effect] {
        switch frame.command {
        case .message:
            guard let json = try? JSONParser.parse(Array(frame.body)) else { return [] }
            return frame["subscription"] == "errors" ? refused(json, now: now) : event(json, frame, now: now)
        case .receipt: return receipt(frame)
        case .error: return error(frame)
        default: return []
        }
    }

    private mutating func event(_ json: JSONValue, _ frame: StompFrame, now: Int64) -> [Effect] {
        guard let event = ChatEvent(json), var room, event.roomId == room.id else { return [] }
        if event.type == "RESET" {
            room.epoch = event.epoch ?? room.epoch
            room.lastSeq = event.lastSeq ?? room.lastSeq
            self.room = room
            return event.text(clock).map { [.show($0)] } ?? []
        }
        guard let seq = event.seq else { return [] }
        // Seen before: only after a repeated subscription.
        guard seq > room.lastSeq else { return [] }
        room.lastSeq = seq
        if let epoch = frame["epoch"].flatMap({ Int64($0) }) { room.epoch = epoch }
        self.room = room
        guard let text = event.text(clock) else { return [] }
        if event.type == "MESSAGE", event.userId == userId, let index = index(of: event) {
            return [.confirm(key: pending.remove(at: index).key, text: text)]
        }
        if event.type == "LEAVE", event.targetId == userId, event.userId != userId {
            self.room = nil
            return [.show(text), .show("-- you are no longer in this room")]
        }
        return [.show(text)]
    }

    /// The thing said that an event of one's own is: by its id where a RECEIPT told it, else the oldest with that text.
    private func index(of event: ChatEvent) -> Int? {
        pending.firstIndex { $0.messageId != nil && $0.messageId == event.messageId }
            ?? pending.firstIndex { $0.messageId == nil && $0.roomId == event.roomId && $0.text == event.message }
    }

    private mutating func receipt(_ frame: StompFrame) -> [Effect] {
        guard let id = frame["receipt-id"], id.hasPrefix("say:"),
            let index = pending.firstIndex(where: { $0.key == id.dropFirst(4) })
        else { return [] }
        // The event itself shows the line; where it cannot come any more, the RECEIPT does.
        let seq = frame["seq"].flatMap { Int64($0) } ?? 0
        if let room, room.id == pending[index].roomId, seq > room.lastSeq {
            pending[index].messageId = frame["message-id"]
            pending[index].nextTry = .max
            return []
        }
        let done = pending.remove(at: index)
        return [.confirm(key: done.key, text: line(done))]
    }

    private mutating func refused(_ json: JSONValue, now: Int64) -> [Effect] {
        let code = json["error"]?["code"]?.string ?? "error"
        let message = (json["error"]?["message"]?.string ?? "").withoutControls
        let receipt = json["receiptId"]?.string ?? ""
        guard receipt.hasPrefix("say:"), let index = pending.firstIndex(where: { $0.key == receipt.dropFirst(4) })
        else {
            if receipt.hasPrefix("sub:") { room = nil }
            return [.show("-- refused (\(code)): \(message)")]
        }
        let isOpen = ["rate_limited", "overloaded", "unavailable", "not_confirmed"].contains(code)
        if isOpen, now - pending[index].since < ChatConversation.giveUpMilliseconds {
            pending[index].nextTry = now + max(200, (json["retryAfter"]?.integer ?? 1) * 1000)
            return []
        }
        let lost = pending.remove(at: index)
        return [.fail(key: lost.key, text: "\(line(lost, mark: "✗ ")) -- not sent (\(code)): \(message)")]
    }

    private func error(_ frame: StompFrame) -> [Effect] {
        let code = (frame["message"] ?? "error").withoutControls
        if code == "unauthenticated" { return [.logIn] }
        let message = (try? JSONParser.parse(Array(frame.body)))?["error"]?["message"]?.string ?? frame.bodyText
        return [.show("-- the server ends the connection (\(code)): \(message.withoutControls)")]
    }

    // MARK: Words and frames of one's own

    private func line(_ said: Pending, mark: String = "") -> String {
        let text = said.text.withoutControls.replacing("\n", with: "\n      ")
        return "\(clock("")) \(mark)\(userName.withoutControls): \(text)"
    }

    private static func subscription(_ room: Int64) -> String { "room-\(room)" }

    private func subscribe() -> [Effect] {
        guard let room else { return [] }
        let since = [(name: "since", value: "\(room.lastSeq)"), (name: "epoch", value: "\(room.epoch)")]
        return [
            write {
                $0.subscribe(
                    id: ChatConversation.subscription(room.id), destination: "/sub/chat/room/\(room.id)",
                    receipt: "sub:\(room.id)", more: since)
            },
            write {
                $0.send(
                    destination: "/pub/chat/enter", contentType: "application/json",
                    body: #"{"roomId":\#(room.id)}"#.utf8)
            },
        ]
    }

    private func say(_ said: Pending) -> Effect {
        write {
            $0.send(
                destination: "/pub/chat/room/\(said.roomId)", contentType: "text/plain", receipt: "say:\(said.key)",
                more: [(name: "idempotency-key", value: said.key)], body: said.text.utf8)
        }
    }

    private func write(_ frame: (inout StompWriter) -> Void) -> Effect {
        var writer = StompWriter(version: version)
        frame(&writer)
        return .send(writer.take())
    }
}
