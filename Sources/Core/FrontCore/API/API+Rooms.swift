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
        guard create.kind == .direct else {
            let room = RoomEntry(roomID: roomID, roomName: create.roomName, kind: create.kind, role: .owner)
            respond(call, .object(status: 201, room.write))
            return
        }
        // Only what was made says what it is.
        let isNew = (try? fields.optionalText("kind")) ?? nil != nil
        standing(person, call, roomID) { result in
            switch result {
            case .success(let room): respond(call, .object(status: isNew ? 201 : 200, room.write))
            case .failure where isNew:
                // It was made, whatever came after: a refusal would say that it was not.
                let other = create.userIDs.first.flatMap { node.directory[$0]?.name } ?? ""
                let room = RoomEntry(roomID: roomID, roomName: other, kind: .direct, role: .member)
                respond(call, .object(status: 201, room.write))
            case .failure(let refusal): refuse(call, refusal)
            }
        }
    }

    /// How a direct room stands for one of its two people; it is called as the other one.
    private func standing(
        _ person: Person, _ call: APICall, _ roomID: RoomID,
        then completion: @escaping (Result<RoomEntry, ChatError>) -> Void
    ) {
        inquire(call, person, .question(.enter(roomID: roomID))) { result in
            do throws(ChatError) {
                let enter = try EnterAnswer(try result.get())
                guard enter.lastSeq > 0 else { return completion(.success(RoomEntry(enter))) }
                let unread = Int(clamping: min(enter.lastSeq - enter.lastReadSeq, Int64(Limits.listMax)))
                let question = HistoryQuestion(roomID: roomID, limit: max(Limits.historyDefault, unread))
                pages(call, person, question) { pages in
                    completion(pages.map { RoomEntry(enter, events: $0.events, userID: person.userID) })
                }
            } catch {
                completion(.failure(error))
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

    /// A room as it stands, as far as `enter` tells.
    init(_ enter: EnterAnswer) {
        self.init(roomID: enter.roomID, roomName: enter.roomName, kind: enter.kind, role: enter.role)
        muted = enter.muted
        lastSeq = enter.lastSeq
        lastReadSeq = enter.lastReadSeq
    }

    /// A room as it stands for `userID`; `events` reach back to what they have read, or a thousand.
    init(_ enter: EnterAnswer, events: some Sequence<PastEvent>, userID: String) {
        self.init(enter)
        for event in events {
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
