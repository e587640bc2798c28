import Chat
import Crypto

/// The HTTP API of one front: what each request asks of a backend, and how the answer is put. Requests are in
/// `Route.all`, with a file for each resource.
struct API {
    let node: FrontNode

    /// Answers a call.
    func respond(_ call: APICall, _ response: APIResponse) {
        var response = response
        response.headers.append(("X-Request-Id", call.request.requestID))
        node.actions.append(.respond(call.id, response))
    }

    /// Answers a call with a refusal.
    func refuse(_ call: APICall, _ refusal: ChatError) {
        // Without a key there is none to send again.
        let isKeyless = refusal.code == .notConfirmed && call.request.idempotencyKey == nil
        respond(call, .refusal(isKeyless ? .notKnown : refusal, requestID: call.request.requestID))
    }

    /// Answers a call with what comes of `make`, or its refusal.
    func finish(_ call: APICall, _ make: () throws(ChatError) -> APIResponse) {
        do throws(ChatError) {
            respond(call, try make())
        } catch {
            refuse(call, error)
        }
    }

    /// Asks a question and answers the call with what `make` makes of the answer.
    func answer(
        _ call: APICall, _ person: Person, with request: Request,
        as make: @escaping (Answer) throws(ChatError) -> APIResponse
    ) {
        inquire(call, person, request) { result in
            finish(call) { () throws(ChatError) in try make(try result.get()) }
        }
    }

    /// Asks a question. As it changes nothing, there is no "perhaps" about it. Equal questions of one person are asked
    /// each for itself: an answer that was on its way already could lack what the person has had confirmed meanwhile.
    func inquire(_ call: APICall, _ person: Person, _ request: Request, then completion: @escaping Completion) {
        node.ask(
            request, asker: person.userID, waitMilliseconds: node.settings.questionMilliseconds,
            traceparent: call.request.traceparent
        ) { result in
            completion(result.mapError { $0.code == .notConfirmed ? .noAnswer : $0 })
        }
    }

    /// Commands something and answers the call with what `make` makes of the answer. `scope`: where the call's
    /// Idempotency-Key counts; nil where none does.
    func command(
        _ call: APICall, _ person: Person, _ request: Request, scope: KeyScope?,
        as make: @escaping (Answer) throws(ChatError) -> APIResponse
    ) throws(ChatError) {
        try command(call, person, request, scope: scope) { result in
            finish(call) { () throws(ChatError) in try make(try result.get()) }
        }
    }

    /// Commands something.
    func command(
        _ call: APICall, _ person: Person, _ request: Request, scope: KeyScope?, then completion: @escaping Completion
    ) throws(ChatError) {
        let messageID = try messageID(call, person, scope)
        node.ask(
            request, asker: person.userID, messageID: messageID, waitMilliseconds: node.settings.confirmMilliseconds,
            traceparent: call.request.traceparent, then: completion)
    }

    /// Where an Idempotency-Key counts.
    enum KeyScope {
        case room(RoomID)
        case newRooms

        fileprivate var roomID: RoomID? {
            switch self {
            case .room(let roomID): roomID
            case .newRooms: nil
            }
        }
    }

    /// The id of a command: derived from the key where there is one, so that the same key is the same command.
    private func messageID(_ call: APICall, _ person: Person, _ scope: KeyScope?) throws(ChatError) -> MessageID {
        guard let scope, let text = call.request.idempotencyKey else { return node.newMessageID() }
        let key = try Validation.idempotencyKey(text)
        let input = MessageID.keyInput(scope: scope.roomID, userID: person.userID, key: key)
        return MessageID(digest: SHA256.hash(input)) ?? node.newMessageID()
    }
}

extension ChatError {
    static let notKnown = ChatError(
        .notConfirmed, "It is not known yet whether this was stored; look before you repeat it.")
    static let noAnswer = ChatError(.unavailable, "No backend answered; try again soon.")
}
