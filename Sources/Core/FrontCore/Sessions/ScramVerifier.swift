import Chat
import Crypto

/// What a server keeps of a password (RFC 5802 §3), enough to recognise it and not enough to show it.
struct ScramVerifier: Sendable, Equatable {
    private let salt: [UInt8]
    private let iterations: Int
    private let storedKey: [UInt8]
    private let serverKey: [UInt8]

    /// The verifier of a password whose PBKDF2 with `salt` and `iterations` is `salted`.
    init(salted: [UInt8], salt: [UInt8], iterations: Int) {
        self.salt = salt
        self.iterations = iterations
        storedKey = SHA256.hash(HMACSHA256.code("Client Key".utf8, key: salted))
        serverKey = HMACSHA256.code("Server Key".utf8, key: salted)
    }

    /// As PostgreSQL writes it: `SCRAM-SHA-256$ROUNDS:SALT$STORED-KEY:SERVER-KEY`.
    var text: String {
        "SCRAM-SHA-256$\(iterations):\(Base64.encode(salt))$\(Base64.encode(storedKey)):\(Base64.encode(serverKey))"
    }

    /// The text sealed for the topics, in base64; it opens for this person and with this key alone. `nonce` has 12
    /// random octets that were never used before.
    func credential(userID: String, key: [UInt8], nonce: [UInt8]) -> String {
        Base64.encode(AES256GCM.seal(Array(text.utf8), key: key, nonce: nonce, authenticated: Array(userID.utf8)))
    }

    /// A password in the form that is derived: NFC, so that a Korean password is the same from every keyboard.
    /// (RFC 4013 would also fold compatibility forms, which only narrows what people may choose.)
    static func octets(ofPassword password: String) -> [UInt8] { Array(Validation.nfc(password).utf8) }
}
