import BackendCore
import Chat
import Crypto
import Testing

/// RFC 5802, RFC 7677.
@Suite struct ScramTests {
    static let keys = SessionKeys(secret: [1, 2, 3]) { key, text in HMACSHA256.code(text, key: key) }
    static let now: Int64 = 1_763_698_200_123
    static let verifier = ScramVerifier(password: "pencil", salt: Array(0..<16), iterations: 4096)

    /// RFC 7677 §3: the example's exchange, from the password to both proofs.
    @Test func theExampleOfTheRFC() throws {
        let salt = try #require(Base64.decode("W22ZaJ0SNY7soEsUEjb6gQ=="))
        let verifier = ScramVerifier(password: "pencil", salt: salt, iterations: 4096)
        let message = Array(
            ("n=user,r=rOprNGfwEbeRWgbNEkqO,"
                + "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,"
                + "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0").utf8)
        let proof = try #require(Base64.decode("dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="))
        let signature = HMACSHA256.code(message, key: verifier.storedKey)
        #expect(SHA256.hash(zip(proof, signature).map { $0 ^ $1 }) == verifier.storedKey)
        let server = HMACSHA256.code(message, key: verifier.serverKey)
        #expect(Base64.encode(server) == "6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=")
    }

    /// The client's half.
    static func login(
        _ userID: String = "A", password: String = "pencil", clientFirst: String = "n,,n=A,r=abc", minutes: Int64 = 0,
        change: (inout UserRequest.Login) -> Void = { _ in }
    ) throws -> String {
        let server = ScramServer(keys: keys)
        let first = try server.challenge(
            userID: userID, clientFirst: clientFirst, verifier: verifier, nowMilliseconds: now)
        let parts = first.split(separator: ",")
        let salted = PBKDF2SHA256.derive(
            password: password.utf8, salt: try #require(Base64.decode(parts[1].dropFirst(2).utf8)), iterations: 4096)
        let key = HMACSHA256.code("Client Key".utf8, key: salted)
        let header = clientFirst.prefix(3)
        let withoutProof = "c=\(Base64.encode(header.utf8)),\(parts[0])"
        let signature = HMACSHA256.code(
            "\(clientFirst.dropFirst(3)),\(first),\(withoutProof)".utf8, key: SHA256.hash(key))
        let proof = Base64.encode(zip(key, signature).map { $0 ^ $1 })
        var login = UserRequest.Login(
            userID: userID, clientFirst: clientFirst, serverFirst: first, clientFinal: "\(withoutProof),p=\(proof)",
            sessionID: "s", client: "", issuedAtMilliseconds: 0, expiresAtMilliseconds: 0)
        change(&login)
        return try server.verify(login, verifier: verifier, nowMilliseconds: now + minutes * 60_000)
    }

    @Test func theRightPassword() throws {
        #expect(try Self.login().hasPrefix("v="))
        #expect(try Self.login(clientFirst: "y,,n=A,r=abc").hasPrefix("v="))
        #expect(try Self.login(minutes: 2).hasPrefix("v="))
    }

    @Test func everythingElseIsRefusedInTheSameWords() {
        let attempts: [() throws -> String] = [
            { try Self.login(password: "pencil ") }, { try Self.login(minutes: 4) }, { try Self.login(minutes: -3) },
            { try Self.login { $0.clientFirst = "n,,n=A,r=abd" } },
            { try Self.login { $0.serverFirst += "0" } },
            { try Self.login { $0.clientFinal = $0.clientFinal.replacing("c=biws", with: "c=eSws") } },
            { try Self.login { $0.clientFinal = "c=biws" } }, { try Self.login { $0.clientFinal += "A" } },
            { try Self.login { $0.userID = "B" } },
            { try Self.login(clientFirst: "p=tls-unique,,n=A,r=abc") },
            { try Self.login(clientFirst: "n,a=B,n=A,r=x") },
            { try Self.login(clientFirst: "n,,n=B,r=abc") }, { try Self.login(clientFirst: "n,,n=A,r=") },
            { try Self.login(clientFirst: "") }, { try Self.login(clientFirst: "n,,m=1,n=A,r=abc") },
        ]
        for (number, attempt) in attempts.enumerated() {
            let error = #expect(throws: ChatError.self, "attempt \(number)") { try attempt() }
            #expect(error == ScramServer.refusal, "attempt \(number)")
        }
    }

    @Test func nobodyGetsAChallengeLikeAnyone() throws {
        let server = ScramServer(keys: Self.keys)
        func challenge(_ userID: String) throws -> String {
            try server.challenge(
                userID: userID, clientFirst: "n,,n=\(userID),r=abc", verifier: nil, nowMilliseconds: Self.now)
        }
        #expect(try challenge("x") == challenge("x"))
        #expect(try challenge("x").split(separator: ",")[1] != challenge("y").split(separator: ",")[1])
        #expect(try challenge("x").hasSuffix(",i=15000"))
    }

    @Test func aVerifierComesBack() throws {
        let verifier = Self.verifier
        #expect(ScramVerifier(verifier.text) == verifier)
        #expect(verifier.text.hasPrefix("SCRAM-SHA-256$4096:"))
        let sealed = verifier.sealed(userID: "A", keys: Self.keys)
        #expect(ScramVerifier(sealed: sealed, userID: "A", keys: Self.keys) == verifier)
        #expect(ScramVerifier(sealed: sealed, userID: "B", keys: Self.keys) == nil)
    }

    @Test(arguments: ["", "SCRAM-SHA-256", "SCRAM-SHA-256$0:AA==$AA==:AA==", "SCRAM-SHA-1$1:AA==$AA==:AA==", "x$y$z"])
    func noVerifier(text: String) { #expect(ScramVerifier(text) == nil) }
}
