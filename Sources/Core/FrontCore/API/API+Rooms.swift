import Chat
import JSON

// Rooms: POST /rooms, GET /rooms.
extension API {
    func rooms(_ call: APICall, _ person: Person) throws(ChatError) {
        let limit = try call.limit(or: Limits.listDefault)
        let kind = call.query("kind")
        guard kind == nil || kind == RoomKind.open.rawValue else {
            throw ChatError(.badRequest, "The query's kind may only be open.")
        }
        let question = Question.rooms(open: kind != nil, after: call.query("after"), limit: limit)
        answer(call, person, with: .question(question)) { (answer) throws(ChatError) in
            .json(try ListAnswer(answer, "rooms").json)
        }
    }

    func createRoom(_ call: APICall, _ person: Person) throws(ChatError) {
        let create = try room(call, person)
        let answered = { (result: Result<Answer, ChatError>) in
            switch result {
            case .success(let answer): made(call, person, create, answer)
            case .failure(let refusal): refuse(call, refusal)
            }
        }
        try command(call, person, .command(.createRoom(create)), scope: .newRooms, then: answered)
    }

    private func room(_ call: APICall, _ person: Person) throws(ChatError) -> RoomCreate {
        let fields = try call.fields()
        guard let kind = RoomKind(rawValue: try fields.text("kind")) else {
            throw ChatError(.invalid, "kind is direct, group, open or announce.")
        }
        let others = try call.userIDs("userIds", person, orEmpty: kind != .direct).filter { $0 != person.userID }
        guard kind != .direct || others.count == 1 else {
            throw ChatError(.invalid, "userIds of a direct room names exactly one other person.")
        }
        return RoomCreate(
            roomName: kind == .direct ? "" : try Validation.roomName(try fields.text("roomName")), kind: kind,
            userIDs: others, operatorsOnly: try fields.optionalBool("operatorsOnly") ?? false)
    }

    private func made(_ call: APICall, _ person: Person, _ create: RoomCreate, _ answer: Answer) {
        guard let fields = try? Fields(answer: answer), let roomID = try? fields.integer("roomId") else {
            refuse(call, .unreadableAnswer)
            return
        }
        guard (try? fields.optionalText("kind")) ?? nil != nil else {
            // The direct room of the two is there already: nothing was made.
            existing(call, person, roomID)
            return
        }
        let role: Role = create.kind == .direct ? .member : .owner
        let room = RoomEntry(
            roomID: roomID, roomName: (try? fields.optionalText("roomName")) ?? create.roomName, kind: create.kind,
            role: role)
        respond(call, .object(status: 201, room.write))
    }

    /// Answers with a room that is there as GET /rooms lists it.
    private func existing(_ call: APICall, _ person: Person, _ roomID: RoomID) {
        inquire(call, person, .question(.enter(roomID: roomID))) { result in
            do throws(ChatError) {
                let enter = try EnterAnswer(try result.get())
                let unread = Int(clamping: min(enter.lastSeq - enter.lastReadSeq, Int64(Limits.listMax)))
                let question = HistoryQuestion(roomID: roomID, limit: max(Limits.historyDefault, unread))
                pages(call, person, question) { pages in
                    finish(call) { () throws(ChatError) in
                        .object(RoomEntry(enter, try pages.get(), userID: person.userID).write)
                    }
                }
            } catch {
                refuse(call, error)
            }
        }
    }
}

/// A room as GET /rooms lists it.
struct RoomEntry {
    let roomID: RoomID
    let roomName: String
    let kind: RoomKind
    let role: Role?
    var muted = false
    var lastSeq: Seq = 0
    var lastMessage: ArraySlice<UInt8>?
    var lastReadSeq: Seq = 0
    var unread = 0

    /// A room nobody has said anything in.
    init(roomID: RoomID, roomName: String, kind: RoomKind, role: Role?) {
        self.roomID = roomID
        self.roomName = roomName
        self.kind = kind
        self.role = role
    }

    /// A room as it stands for `userID`; `pages` reach back to what they have read, or a thousand events.
    init(_ enter: EnterAnswer, _ pages: HistoryPages, userID: String) {
        self.init(roomID: enter.roomID, roomName: enter.roomName, kind: enter.kind, role: enter.role)
        muted = enter.muted
        lastSeq = enter.lastSeq
        lastReadSeq = enter.lastReadSeq
        for event in pages.events {
            guard let value = try? JSONParser.parse(Array(event.json), depthMax: 64),
                value["type"]?.string == EventType.message.rawValue
            else { continue }
            lastMessage = event.json
            guard event.seq > lastReadSeq, value["userId"]?.string != userID, value["deleted"]?.bool != true else {
                continue
            }
            unread += 1
        }
    }

    /// Writes the members of the object.
    func write(into out: inout JSONWriter) {
        out.member("roomId", roomID)
        out.member("roomName", roomName)
        out.member("kind", kind.rawValue)
        out.member("role", orNull: role?.rawValue)
        out.key("muted")
        out.bool(muted)
        out.member("lastSeq", lastSeq)
        out.key("lastMessage")
        if let lastMessage { out.raw(lastMessage) } else { out.null() }
        out.member("lastReadSeq", lastReadSeq)
        out.member("unread", Int64(unread))
    }
}
