import Chat

extension FrontNode {
    /// Makes a person. What leaves the front is a sealed verifier, never the password. The completion is called once:
    /// with the answer of user.create, or `invalid`, `already_exists`, `not_confirmed`, `overloaded`, `unavailable`.
    func signUp(userID: String, userName: String, password: String, then completion: @escaping Completion) {
        let salt = randomBytes(16)
        let iterations = settings.passwordIterations
        derive(password: ScramVerifier.octets(ofPassword: password), salt: salt, iterations: iterations) { [self] in
            switch $0 {
            case .success(let salted):
                let verifier = ScramVerifier(salted: salted, salt: salt, iterations: iterations)
                let credential = verifier.credential(
                    userID: userID, key: settings.keys.credential, nonce: randomBytes(12))
                ask(
                    .user(.create(userID: userID, userName: userName, credential: credential)), asker: userID,
                    messageID: newMessageID(), waitMilliseconds: settings.confirmMilliseconds, then: completion)
            case .failure(let refusal): completion(.failure(refusal))
            }
        }
    }
}
