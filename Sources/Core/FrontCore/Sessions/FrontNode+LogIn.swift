package import Chat
import Crypto

/// Somebody who has just logged in.
package struct LoggedIn: Sendable {
    /// Who, and in which session.
    package let person: Person
    /// What they show from now on; never logged.
    package let token: String
}

/// What to do when somebody logged in, or why not.
package typealias LogInCompletion = (Result<LoggedIn, ChatError>) -> Void

extension FrontNode {
    /// Logs in with a password and makes a session; `client` is what the client calls itself. The completion is called
    /// once. Refusals: `unauthenticated` for a wrong password and for people who do not exist, alike; `rate_limited`;
    /// `unavailable` or `overloaded` where no backend could say.
    package func logIn(
        userID text: String, password: String, client: String, then completion: @escaping LogInCompletion
    ) {
        guard let userID = try? Validation.userID(text), (try? Validation.password(password)) != nil else {
            // Nobody can have such a name or password.
            completion(.failure(.wrongPassword))
            return
        }
        let began = clock.monotonicMilliseconds
        do throws(ChatError) {
            try logins.begin(userID, now: began)
        } catch {
            completion(.failure(error))
            return
        }
        let attempt = LogInAttempt(
            userID: userID, password: ScramVerifier.octets(ofPassword: password), client: client,
            scram: ScramClient(userID: userID, nonce: Base64.encode(randomBytes(18)))
        ) { [self] result in
            // Only a wrong password counts.
            if case .failure(let refusal) = result, refusal.code == .unauthenticated {
                completion(result)
            } else {
                logins.takeBack(userID, began: began)
                completion(result)
            }
        }
        ask(
            .user(.challenge(userID: userID, clientFirst: attempt.scram.clientFirst)), asker: userID,
            waitMilliseconds: settings.questionMilliseconds
        ) { [self] in challenged(attempt, $0) }
    }

    private func challenged(_ attempt: LogInAttempt, _ result: Result<Answer, ChatError>) {
        do throws(ChatError) {
            let serverFirst = try Fields(answer: try result.get()).text("serverFirst")
            let challenge = try attempt.scram.challenged(by: serverFirst)
            derive(password: attempt.password, salt: challenge.salt, iterations: challenge.iterations) { [self] in
                switch $0 {
                case .success(let key): prove(attempt, serverFirst, challenge.proof(salted: key))
                case .failure(let refusal): attempt.completion(.failure(refusal))
                }
            }
        } catch {
            attempt.completion(.failure(error.ofLogIn))
        }
    }

    private func prove(_ attempt: LogInAttempt, _ serverFirst: String, _ proof: ScramProof) {
        let token = SessionToken(
            userID: attempt.userID, sessionID: newMessageID(), issuedAtMilliseconds: clock.wallMilliseconds,
            expiresAtMilliseconds: clock.wallMilliseconds + settings.sessionMilliseconds)
        let login = UserRequest.Login(
            userID: attempt.userID, clientFirst: attempt.scram.clientFirst, serverFirst: serverFirst,
            clientFinal: proof.clientFinal, sessionID: token.sessionID.description, client: attempt.client,
            issuedAtMilliseconds: token.issuedAtMilliseconds, expiresAtMilliseconds: token.expiresAtMilliseconds)
        ask(.user(.login(login)), asker: attempt.userID, waitMilliseconds: settings.questionMilliseconds) { [self] in
            proved(attempt, token, proof, $0)
        }
    }

    private func proved(
        _ attempt: LogInAttempt, _ token: SessionToken, _ proof: ScramProof, _ result: Result<Answer, ChatError>
    ) {
        do throws(ChatError) {
            let fields = try Fields(answer: try result.get())
            // A backend that does not know the verifier must not be believed (RFC 5802 §5, "v").
            guard proof.isAnswered(by: try fields.text("serverFinal")) else { throw ChatError.brokenScram }
            let person = began(token, name: try fields.text("userName"))
            attempt.completion(.success(LoggedIn(person: person, token: token.text(key: settings.keys.token))))
        } catch {
            attempt.completion(.failure(error.ofLogIn))
        }
    }
}

/// A log-in on its way.
private struct LogInAttempt {
    let userID: String
    let password: [UInt8]
    let client: String
    let scram: ScramClient
    let completion: LogInCompletion
}

extension ChatError {
    static let wrongPassword = ChatError(.unauthenticated, "The userId or the password is wrong.")

    /// What a person who logs in hears: one answer for wrong passwords, and no "perhaps": they may just try again.
    fileprivate var ofLogIn: ChatError {
        switch code {
        case .unauthenticated: .wrongPassword
        case .overloaded, .rateLimited, .internal: self
        case .invalid: .unreadableAnswer
        default: ChatError(.unavailable, "Nobody can log in now; try again soon.")
        }
    }
}
