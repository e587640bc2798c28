package import Chat
import Crypto

/// The server's half of SCRAM-SHA-256 (RFC 5802 §5, RFC 7677), without state between its two steps: its nonce is a code
/// over what the client said first and the minute.
package struct ScramServer: Sendable {
    private let keys: SessionKeys

    /// A server with the keys of `--session-key`.
    package init(keys: SessionKeys) { self.keys = keys }

    /// server-first-message to `clientFirst`. Throws `unauthenticated` where that is no client-first-message of
    /// `userID`.
    package func challenge(
        userID: String, clientFirst: String, verifier: ScramVerifier?, nowMilliseconds: Int64
    ) throws(ChatError) -> String {
        let first = try ClientFirst(clientFirst, userID: userID)
        return serverFirst(
            userID: userID, clientFirst: first, verifier: verifier ?? .decoy(userID: userID, keys: keys),
            minute: nowMilliseconds / 60_000)
    }

    /// server-final-message (`v=…`) where the proof is right. Throws `unauthenticated` for everything else, in the same
    /// words.
    package func verify(
        _ login: UserRequest.Login, verifier: ScramVerifier?, nowMilliseconds: Int64
    ) throws(ChatError) -> String {
        let first = try ClientFirst(login.clientFirst, userID: login.userID)
        let known = verifier ?? .decoy(userID: login.userID, keys: keys)
        let minute = nowMilliseconds / 60_000
        // A challenge holds for two minutes; one more for the clocks of two backends.
        let isOurs = (minute - 2...minute + 1).contains { minute in
            serverFirst(userID: login.userID, clientFirst: first, verifier: known, minute: minute) == login.serverFirst
        }
        guard isOurs, let nonce = login.serverFirst.split(separator: ",").first?.dropFirst(2),
            let proofStart = login.clientFinal.range(of: ",p=")
        else { throw Self.refusal }
        let withoutProof = login.clientFinal[..<proofStart.lowerBound]
        // RFC 5802 §7: channel binding is the client's gs2-header, in base64.
        guard withoutProof == "c=\(Base64.encode(first.header.utf8)),r=\(nonce)",
            let proof = Base64.decode(login.clientFinal[proofStart.upperBound...].utf8), proof.count == 32
        else { throw Self.refusal }
        let message = Array("\(first.bare),\(login.serverFirst),\(withoutProof)".utf8)
        let signature = HMACSHA256.code(message, key: known.storedKey)
        let clientKey = zip(proof, signature).map { $0 ^ $1 }
        guard ConstantTime.areEqual(SHA256.hash(clientKey), known.storedKey), verifier != nil else {
            throw Self.refusal
        }
        return "v=\(Base64.encode(HMACSHA256.code(message, key: known.serverKey)))"
    }

    /// One sentence for an unknown person, a wrong password and a malformed message.
    package static let refusal = ChatError(.unauthenticated, "The userId or the password is wrong.")

    private func serverFirst(
        userID: String, clientFirst: ClientFirst, verifier: ScramVerifier, minute: Int64
    ) -> String {
        let own = HMACSHA256.code("\(minute)|\(userID)|\(clientFirst.bare)".utf8, key: keys.nonce)
        let nonce = clientFirst.nonce + Base64.encode(own.prefix(18))
        return "r=\(nonce),s=\(Base64.encode(verifier.salt)),i=\(verifier.iterations)"
    }
}

/// client-first-message (RFC 5802 §7), without channel binding and authorization identity.
private struct ClientFirst {
    /// gs2-header, with its second comma.
    let header: String
    /// client-first-message-bare.
    let bare: String
    let nonce: String

    init(_ text: String, userID: String) throws(ChatError) {
        let parts = text.split(separator: ",", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == "n" || parts[0] == "y", parts[1].isEmpty else {
            throw ScramServer.refusal
        }
        let fields = parts[2].split(separator: ",", omittingEmptySubsequences: false)
        guard fields.count >= 2, fields[0].hasPrefix("n="), fields[1].hasPrefix("r="), fields[1].utf8.count > 2,
            fields[1].utf8.count <= 256, fields[1].utf8.allSatisfy({ (0x21...0x7E).contains($0) }),
            fields[0].dropFirst(2) == userID
        else { throw ScramServer.refusal }
        header = "\(parts[0]),,"
        bare = String(parts[2])
        nonce = String(fields[1].dropFirst(2))
    }
}

extension String {
    /// Where `text` stands last; without Foundation.
    fileprivate func range(of text: String) -> Range<String.Index>? {
        var end = endIndex
        while end > startIndex {
            if self[..<end].hasSuffix(text) { return index(end, offsetBy: -text.count)..<end }
            end = index(before: end)
        }
        return nil
    }
}
