import Chat
import Crypto

extension FrontNode {
    /// Whose token is this? The completion is called once, at once where the session is known already. Refusals:
    /// `unauthenticated` (not signed by us, run out, ended), `unavailable` or `overloaded` where no backend could say:
    /// whoever is not known to be wrong is not turned away as wrong.
    package func authenticate(token text: String, then completion: @escaping SessionCompletion) {
        guard let token = SessionToken(text, key: settings.keys.token, now: clock.wallMilliseconds) else {
            completion(.failure(.badSession))
            return
        }
        switch sessions.state(token.sessionID) {
        case .ended: completion(.failure(.badSession))
        case .living(let person):
            completion(.success(person))
            refresh(token)
        case .unknown:
            guard sessions.wait(token.sessionID, completion) else { return }
            check(token) { [self] in
                let found = found(token, $0)
                for completion in sessions.takeWaiting(token.sessionID) { completion(found) }
            }
        }
    }

    /// Tells a backend now and then that a session is used, for its lastSeenAt, and hears so should its end have been
    /// missed. Nobody waits for it.
    private func refresh(_ token: SessionToken) {
        let isStale = sessions.isStale(
            token.sessionID, now: clock.monotonicMilliseconds, milliseconds: settings.sessionRefreshMilliseconds)
        guard isStale else { return }
        check(token) { [self] in
            if case .failure(let refusal) = $0, refusal.code == .unauthenticated {
                sessionEnded(sessionID: token.sessionID.description)
            }
        }
    }

    private func check(_ token: SessionToken, then completion: @escaping Completion) {
        let request = UserRequest.check(
            userID: token.userID, sessionID: token.sessionID.description,
            issuedAtMilliseconds: token.issuedAtMilliseconds, expiresAtMilliseconds: token.expiresAtMilliseconds)
        ask(
            .user(request), asker: token.userID, waitMilliseconds: settings.questionMilliseconds, then: completion)
    }

    private func found(_ token: SessionToken, _ result: Result<Answer, ChatError>) -> Result<Person, ChatError> {
        switch result {
        case .success(let answer):
            guard let name = try? Fields(answer: answer).text("userName") else { return .failure(.unreadableAnswer) }
            let person = began(token, name: name)
            // It may have ended while the question was on its way.
            if case .ended = sessions.state(token.sessionID) { return .failure(.badSession) }
            return .success(person)
        case .failure(let refusal) where refusal.code == .unauthenticated: return .failure(.badSession)
        case .failure(let refusal) where refusal.code == .overloaded: return .failure(refusal)
        case .failure: return .failure(.sessionUnknown)
        }
    }

    /// Notes a session that a backend has just confirmed or made.
    func began(_ token: SessionToken, name: String) -> Person {
        let person = Person(
            userID: token.userID, userName: name, sessionID: token.sessionID.description,
            expiresAtMilliseconds: token.expiresAtMilliseconds)
        sessions.begin(token.sessionID, person, now: clock.monotonicMilliseconds)
        directory.learn(userID: token.userID, name: name)
        return person
    }

    /// A session ended (a record of kakao.chat.session, or DELETE here): its token counts for nothing any more and its
    /// connections are closed. What is no UUID is none of our sessions.
    package func sessionEnded(sessionID: String) {
        guard let id = MessageID(sessionID) else { return }
        sessions.end(id)
        closeConnections(ofSession: id.description)
    }

    /// A fact about a person came (kakao.user.RESPONSE): `key` is the userId, `value` the whole state, nil for a record
    /// that withdraws it. Answers, whose keys hold a colon, and what cannot be read are passed over.
    package func userFact(key: [UInt8], value: UnsafeRawBufferPointer?) {
        guard let userID = String(validating: key, as: UTF8.self), !userID.utf8.contains(UInt8(ascii: ":")) else {
            return
        }
        guard let value, let fields = try? Fields(json: value), let name = try? fields.text("userName") else {
            directory.forget(userID: userID)
            return
        }
        directory.change(userID: userID, name: name)
    }
}

extension ChatError {
    static let badSession = ChatError(.unauthenticated, "Log in first: the session token is wrong, or it has ended.")
    static let sessionUnknown = ChatError(.unavailable, "The session cannot be looked up now; try again soon.")
}
