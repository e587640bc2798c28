import Chat
import Crypto
import JSON

/// What a client shows to say who it is: `base64url(payload).base64url(HMAC-SHA-256 of it)`. Any front with the same
/// session key can verify it. It has no description on purpose: a token is never logged.
struct SessionToken: Sendable, Equatable {
    /// Whose session.
    let userID: String
    /// Which session; no secret.
    let sessionID: MessageID
    /// When it began and when it ends, in milliseconds since 1970.
    let issuedAtMilliseconds: Int64
    let expiresAtMilliseconds: Int64

    /// Characters of a token at the most: the longest payload has under 450 octets. Longer ones are not looked at.
    static let charactersMax = 1024

    /// The text of the token under `key`.
    func text(key: [UInt8]) -> String {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("userId", userID)
        writer.member("sessionId", sessionID.description)
        writer.member("issuedAt", issuedAtMilliseconds)
        writer.member("expiresAt", expiresAtMilliseconds)
        writer.endObject()
        let payload = Base64.encodeURL(writer.bytes)
        return payload + "." + Base64.encodeURL(HMACSHA256.code(payload.utf8, key: key))
    }

    /// The token that `text` is, nil where it was not signed with `key`, was changed, or ran out by `now`
    /// (milliseconds since 1970). Nothing of the payload is looked at before the signature is known to be right.
    init?(_ text: String, key: [UInt8], now: Int64) {
        guard text.utf8.count <= Self.charactersMax, let dot = text.utf8.firstIndex(of: UInt8(ascii: ".")),
            let signature = Base64.decodeURL(text.utf8[text.utf8.index(after: dot)...]),
            HMACSHA256.isValid(signature, of: text.utf8[..<dot], key: key),
            let payload = Base64.decodeURL(text.utf8[..<dot]), let value = try? JSONParser.parse(payload),
            let userID = value["userId"]?.string, let session = value["sessionId"]?.string.flatMap(MessageID.init(_:)),
            let issuedAt = value["issuedAt"]?.integer, let expiresAt = value["expiresAt"]?.integer, now < expiresAt
        else { return nil }
        self.init(
            userID: userID, sessionID: session, issuedAtMilliseconds: issuedAt, expiresAtMilliseconds: expiresAt)
    }

    /// The token of a session.
    init(userID: String, sessionID: MessageID, issuedAtMilliseconds: Int64, expiresAtMilliseconds: Int64) {
        self.userID = userID
        self.sessionID = sessionID
        self.issuedAtMilliseconds = issuedAtMilliseconds
        self.expiresAtMilliseconds = expiresAtMilliseconds
    }
}
