import Chat
import Crypto

/// The client's side of SCRAM-SHA-256 (RFC 5802, RFC 7677) without channel binding. The front speaks it for people who
/// give it their password, so that none goes further than the front.
struct ScramClient: Sendable, Equatable {
    private let clientFirstBare: String
    private let nonce: String

    /// The header of an exchange without channel binding (RFC 5802 §7, gs2-header).
    private static let header = "n,,"
    /// Rounds of PBKDF2 that a server may ask for: at least what RFC 7677 §4 wants, at most what one core does at once.
    private static let iterations = 4096...1_000_000

    /// An exchange for `userID` that nobody has seen before, by its `nonce` of printable ASCII without commas.
    init(userID: String, nonce: String) {
        self.nonce = nonce
        clientFirstBare = "n=\(ScramClient.saslName(userID)),r=\(nonce)"
    }

    /// client-first-message.
    var clientFirst: String { Self.header + clientFirstBare }

    /// What the password is to be derived with, after server-first-message. Throws `internal` where that is no answer
    /// to this exchange.
    func challenged(by serverFirst: String) throws(ChatError) -> ScramChallenge {
        let parts = serverFirst.split(separator: ",", omittingEmptySubsequences: false)
        guard parts.count >= 3, parts[0].hasPrefix("r="), parts[1].hasPrefix("s="), parts[2].hasPrefix("i="),
            parts[0].dropFirst(2).utf8.starts(with: nonce.utf8), parts[0].utf8.count > nonce.utf8.count + 2,
            let salt = Base64.decode(parts[1].utf8.dropFirst(2)), !salt.isEmpty,
            let iterations = Decimal.natural(parts[2].dropFirst(2)).flatMap(Int.init(exactly:)),
            Self.iterations.contains(iterations)
        else { throw .brokenScram }
        let withoutProof = "c=\(Base64.encode(Self.header.utf8)),\(parts[0])"
        return ScramChallenge(
            salt: salt, iterations: iterations, clientFinalWithoutProof: withoutProof,
            authMessage: "\(clientFirstBare),\(serverFirst),\(withoutProof)")
    }

    /// A name as RFC 5802 §5.1 writes it.
    private static func saslName(_ name: String) -> String {
        var out = ""
        for scalar in name.unicodeScalars {
            switch scalar {
            case "=": out += "=3D"
            case ",": out += "=2C"
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out
    }
}

/// A server's challenge, to be answered with PBKDF2 of the password.
struct ScramChallenge: Sendable, Equatable {
    let salt: [UInt8]
    let iterations: Int
    fileprivate let clientFinalWithoutProof: String
    fileprivate let authMessage: String

    /// The answer of who knows the password (RFC 5802 §3); `salted` is PBKDF2 of it.
    func proof(salted: [UInt8]) -> ScramProof {
        let clientKey = HMACSHA256.code("Client Key".utf8, key: salted)
        let signature = HMACSHA256.code(authMessage.utf8, key: SHA256.hash(clientKey))
        let proof = zip(clientKey, signature).map { $0 ^ $1 }
        let serverKey = HMACSHA256.code("Server Key".utf8, key: salted)
        return ScramProof(
            clientFinal: "\(clientFinalWithoutProof),p=\(Base64.encode(proof))",
            serverSignature: HMACSHA256.code(authMessage.utf8, key: serverKey))
    }
}

/// The last words of the client, and what the server must say to them.
struct ScramProof: Sendable, Equatable {
    /// client-final-message.
    let clientFinal: String
    fileprivate let serverSignature: [UInt8]

    /// Whether server-final-message shows that the server knows the verifier.
    func isAnswered(by serverFinal: String) -> Bool {
        guard serverFinal.hasPrefix("v="), let signature = Base64.decode(serverFinal.utf8.dropFirst(2)) else {
            return false
        }
        return ConstantTime.areEqual(signature, serverSignature)
    }
}

extension ChatError {
    static let brokenScram = ChatError(.internal, "The backend does not speak SCRAM-SHA-256 as this front does.")
}
