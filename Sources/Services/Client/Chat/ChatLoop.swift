import Glibc
internal import HTTP
internal import JSON
internal import Linux
internal import Stomp

/// Joins the conversation to the connection, the input, the screen and the signals.
struct ChatLoop {
    let url: ClientURL
    let account: ChatAccount
    private let configuration: ChatConfiguration
    private let signals: SignalDescriptor
    private var input = LineReader(descriptor: STDIN_FILENO)
    private var screen: ChatScreen
    private(set) var conversation: ChatConversation
    private var link: StompClient?
    private var lostAt: Int64?
    private var nextAttempt: Int64 = 0
    private var backoffMilliseconds: Int64 = 200
    private var endsBy: Int64?
    private var status: Int32?

    /// No more is read from the input while so much is not confirmed.
    private static let pendingMax = 100

    init(url: ClientURL, account: ChatAccount, configuration: ChatConfiguration, signals: SignalDescriptor) {
        self.url = url
        self.account = account
        self.configuration = configuration
        self.signals = signals
        screen = ChatScreen(isTerminal: Terminal.isInteractive) { Output.write($0, to: STDOUT_FILENO) }
        conversation = ChatConversation(
            userId: account.userId, userName: account.userName, clock: Terminal.clock)
    }

    static var now: Int64 { Int64(clamping: SystemClock.monotonicNanoseconds() / 1_000_000) }

    /// Until the end; the exit status.
    mutating func run() -> Int32 {
        if Terminal.isInteractive {
            screen.show("-- hello \(account.userName.withoutControls); /help tells the commands")
        }
        if let room = configuration.room {
            if !enter(room) { return 1 }
        } else {
            listRooms()
        }
        while status == nil {
            connectIfDue()
            wait()
            takeSignals()
            takeFrames()
            perform(conversation.tick(now: ChatLoop.now))
            endIfDone()
        }
        link?.close()
        return status ?? 0
    }

    // MARK: The connection

    private mutating func connectIfDue() {
        guard link == nil, status == nil, ChatLoop.now >= nextAttempt else { return }
        var options = StompClient.Options()
        options.token = account.http.token
        do throws(ClientError) {
            let made = try StompClient(url, options, timeoutMilliseconds: 5_000)
            link = made
            backoffMilliseconds = 200
            if lostAt != nil { screen.show("-- connected again") }
            lostAt = nil
            perform(conversation.connected(version: made.version, now: ChatLoop.now))
        } catch {
            failed(error)
        }
    }

    private mutating func failed(_ error: ClientError) {
        link?.close()
        link = nil
        conversation.disconnected()
        nextAttempt = ChatLoop.now + backoffMilliseconds
        backoffMilliseconds = min(backoffMilliseconds * 2, 5_000)
        if case .refused(let frame) = error, frame["message"] == "unauthenticated" { return logInAgain() }
        if case .status(let response) = error, response.status == 401 { return logInAgain() }
        if case .closed(4401, _) = error { return logInAgain() }
        guard lostAt == nil else { return }
        lostAt = ChatLoop.now
        screen.show("-- no connection (\("\(error)".withoutControls)); trying again")
    }

    private mutating func logInAgain() {
        do throws(ChatAccount.Failure) {
            try account.logIn()
            nextAttempt = ChatLoop.now
        } catch {
            guard case .refused(let why) = error else { return }
            Output.write("madang chat: the session has ended: \(why.withoutControls)\n", to: STDERR_FILENO)
            status = 1
        }
    }

    private mutating func perform(_ effects: [ChatConversation.Effect]) {
        for effect in effects {
            switch effect {
            case .send(let octets):
                guard let link else { continue }
                do throws(ClientError) { try link.send(octets: octets) } catch { failed(error) }
            case .show(let text): screen.show(text)
            case .showPending(let key, let text): screen.showPending(key, text)
            case .confirm(let key, let text): screen.confirm(key, text)
            case .fail(let key, let text): screen.confirm(key, text)
            case .logIn: logInAgain()
            }
        }
    }

    private mutating func takeFrames() {
        guard let link else { return }
        do throws(ClientError) {
            while let frame = try link.next(timeoutMilliseconds: 0) {
                perform(conversation.received(frame, now: ChatLoop.now))
                guard self.link != nil else { return }
            }
        } catch {
            failed(error)
        }
    }

    // MARK: The person

    /// Waits for the input, a signal, the connection, or 200 ms.
    private mutating func wait() {
        let reads = !input.isAtEnd && conversation.pending.count < ChatLoop.pendingMax && endsBy == nil
        var entries = [
            pollfd(fd: signals.descriptor, events: Int16(POLLIN), revents: 0),
            pollfd(fd: link?.descriptor ?? -1, events: Int16(POLLIN), revents: 0),
            pollfd(fd: reads ? input.descriptor : -1, events: Int16(POLLIN), revents: 0),
        ]
        guard poll(&entries, nfds_t(entries.count), 200) > 0, entries[2].revents != 0 else { return }
        for line in input.read() { take(line) }
        if input.isAtEnd, endsBy == nil { endsBy = ChatLoop.now + Int64(configuration.confirmMillisecondsMax) }
    }

    private mutating func takeSignals() {
        while signals.next() != nil {
            // A second one means: now.
            if endsBy != nil { status = conversation.pending.isEmpty ? 0 : 1 }
            endsBy = ChatLoop.now + Int64(configuration.signalMillisecondsMax)
        }
    }

    /// Ends when everything said is confirmed, or the time for that is over.
    private mutating func endIfDone() {
        guard let endsBy, status == nil else { return }
        if conversation.pending.isEmpty {
            try? link?.disconnect(timeoutMilliseconds: 3_000)
            status = 0
        } else if ChatLoop.now >= endsBy {
            for lost in conversation.pending {
                Output.write("madang chat: not confirmed: \(lost.text.withoutControls)\n", to: STDERR_FILENO)
            }
            status = 1
        }
    }

    private mutating func take(_ line: String) {
        guard !line.isEmpty, status == nil else { return }
        guard line.hasPrefix("/") else { return say(line) }
        let words = line.split(separator: " ", maxSplits: 1).map(String.init)
        switch words.first {
        case "/help":
            screen.show(
                "-- /rooms  lists rooms\n-- /join N  enters room N\n-- /who  tells who is in the room\n"
                    + "-- /quit  ends\n-- //text  says /text")
        case "/quit": if endsBy == nil { endsBy = ChatLoop.now + Int64(configuration.confirmMillisecondsMax) }
        case "/rooms": listRooms()
        case "/join":
            guard words.count == 2, let room = Int64(words[1].trimmingPrefix(" ")), room > 0 else {
                screen.show("-- /join N: N is the number of a room")
                return
            }
            _ = enter(room)
        case "/who": listParticipants()
        default:
            guard line.hasPrefix("//") else { return screen.show("-- no such command; /help tells them") }
            say(String(line.dropFirst()))
        }
    }

    private mutating func say(_ text: String) {
        perform(conversation.say(text, key: ChatKey.make(), now: ChatLoop.now))
    }

    // MARK: What is asked over HTTP

    /// Shows the past of a room and goes into it; false where that is not to be had.
    private mutating func enter(_ room: Int64) -> Bool {
        // The server takes no limit of 0.
        let limit = max(1, configuration.historyEvents)
        guard let record = get("/chat/\(room)?limit=\(limit)")?["chatRecord"] else { return false }
        let events = (record["chatMessage"]?.array ?? []).compactMap(ChatEvent.init)
        screen.show("-- room \(room)")
        for event in events.suffix(configuration.historyEvents) {
            if let text = event.text(Terminal.clock) { screen.show(text) }
        }
        let lastSeq = events.compactMap(\.seq).max() ?? record["lastSeq"]?.integer ?? 0
        perform(conversation.enter(.init(id: room, lastSeq: lastSeq, epoch: record["epoch"]?.integer ?? 1)))
        return true
    }

    private mutating func listRooms() {
        for (target, title) in [("/rooms", "your rooms"), ("/rooms?kind=open", "open rooms")] {
            guard let rooms = get(target)?["rooms"]?.array else { return }
            screen.show(rooms.isEmpty ? "-- \(title): none" : "-- \(title):")
            for room in rooms {
                let unread = room["unread"]?.integer ?? 0
                screen.show(
                    "--   \(room["roomId"]?.integer ?? 0) \(room["roomName"]?.string?.withoutControls ?? "")"
                        + (unread > 0 ? " (\(unread) unread)" : ""))
            }
        }
    }

    private mutating func listParticipants() {
        guard let room = conversation.room else { return screen.show("-- enter a room first: /rooms, /join N") }
        guard let people = get("/chat/\(room.id)/participants")?["participants"]?.array else { return }
        let names = people.map { person in
            let name = (person["userName"]?.string ?? person["userId"]?.string ?? "").withoutControls
            return person["online"]?.bool == true ? name + "*" : name
        }
        screen.show("-- in room \(room.id): " + names.joined(separator: ", "))
    }

    private mutating func get(_ target: String) -> JSONValue? {
        do throws(ClientError) {
            return try account.http.json("GET", target)
        } catch {
            var text = "\(error)"
            if case .status(let response) = error {
                text = "\(response.errorCode ?? "HTTP \(response.status)"): \(response.errorMessage ?? "")"
            }
            screen.show("-- \(text.withoutControls)")
            return nil
        }
    }
}

/// Idempotency keys.
enum ChatKey {
    /// 128 random bits in hexadecimal digits.
    static func make() -> String {
        SystemRandom.bytes(16).map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
    }
}
