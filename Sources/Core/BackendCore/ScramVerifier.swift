package import Chat
import Crypto

/// What a server keeps of a password for SCRAM-SHA-256 (RFC 5802 §3, RFC 7677): it can check a proof and cannot make
/// one.
package struct ScramVerifier: Sendable, Equatable {
    /// The parts, by RFC 5802's names.
    package var salt: [UInt8]
    package var iterations: Int
    package var storedKey: [UInt8]
    package var serverKey: [UInt8]

    /// A verifier of its parts.
    package init(salt: [UInt8], iterations: Int, storedKey: [UInt8], serverKey: [UInt8]) {
        self.salt = salt
        self.iterations = iterations
        self.storedKey = storedKey
        self.serverKey = serverKey
    }

    /// The verifier of a password; slow on purpose.
    package init(password: String, salt: [UInt8], iterations: Int = ScramVerifier.iterationsDefault) {
        let salted = PBKDF2SHA256.derive(password: password.utf8, salt: salt, iterations: iterations)
        self.init(
            salt: salt, iterations: iterations,
            storedKey: SHA256.hash(HMACSHA256.code("Client Key".utf8, key: salted)),
            serverKey: HMACSHA256.code("Server Key".utf8, key: salted))
    }

    /// Reads `SCRAM-SHA-256$ITERATIONS:SALT$STOREDKEY:SERVERKEY`, as PostgreSQL spells it; nil for anything else.
    package init?(_ text: String) {
        let parts = text.split(separator: "$", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == "SCRAM-SHA-256" else { return nil }
        let cost = parts[1].split(separator: ":", omittingEmptySubsequences: false)
        let keys = parts[2].split(separator: ":", omittingEmptySubsequences: false)
        guard cost.count == 2, keys.count == 2, let iterations = Decimal.natural(cost[0]),
            (1...10_000_000).contains(iterations),
            let salt = Base64.decode(cost[1].utf8), !salt.isEmpty, let storedKey = Base64.decode(keys[0].utf8),
            let serverKey = Base64.decode(keys[1].utf8), storedKey.count == 32, serverKey.count == 32
        else { return nil }
        self.init(salt: salt, iterations: Int(iterations), storedKey: storedKey, serverKey: serverKey)
    }

    /// `SCRAM-SHA-256$ITERATIONS:SALT$STOREDKEY:SERVERKEY`
    package var text: String {
        "SCRAM-SHA-256$\(iterations):\(Base64.encode(salt))$\(Base64.encode(storedKey)):\(Base64.encode(serverKey))"
    }

    /// Seals the verifier for the topic and the database (CONTRACT section 4, `credential`);
    /// it opens again for this person only.
    package func sealed(userID: String, keys: SessionKeys) -> String {
        Base64.encode(AES256GCM.seal(Array(text.utf8), key: keys.credential, authenticated: Array(userID.utf8)))
    }

    /// Opens a credential; nil where the key or the person is another.
    package init?(sealed credential: String, userID: String, keys: SessionKeys) {
        guard let sealed = Base64.decode(credential),
            let text = AES256GCM.open(sealed, key: keys.credential, authenticated: Array(userID.utf8))
        else { return nil }
        self.init(String(decoding: text, as: UTF8.self))
    }

    /// What a person who does not exist seems to have, always the same: a challenge does not tell who exists.
    package static func decoy(userID: String, keys: SessionKeys) -> ScramVerifier {
        let secret = HMACSHA256.code(userID.utf8, key: keys.decoy)
        return ScramVerifier(
            salt: Array(secret.prefix(16)), iterations: iterationsDefault, storedKey: secret,
            serverKey: HMACSHA256.code("server|\(userID)".utf8, key: keys.decoy))
    }

    /// The cost of a guess for who has the verifier.
    package static let iterationsDefault = 15_000
}
