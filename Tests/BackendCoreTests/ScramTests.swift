import BackendCore
import Chat
import Testing

@Suite struct ScramTests {
    static let keys = SessionKeys(secret: [1, 2, 3]) { key, text in
        var out = [UInt8](repeating: 0, count: 32)
        for (index, byte) in (key + text).enumerated() { out[index % 32] = out[index % 32] &* 31 &+ byte }
        return out
    }

    @Test func aVerifierComesBack() throws {
        let verifier = ScramVerifier(password: "pencil", salt: Array(0..<16), iterations: 4096)
        #expect(ScramVerifier(verifier.text) == verifier)
        #expect(verifier.text.hasPrefix("SCRAM-SHA-256$4096:"))
        let sealed = verifier.sealed(userID: "A", keys: Self.keys)
        #expect(ScramVerifier(sealed: sealed, userID: "A", keys: Self.keys) == verifier)
        #expect(ScramVerifier(sealed: sealed, userID: "B", keys: Self.keys) == nil)
    }

    @Test(arguments: ["", "SCRAM-SHA-256", "SCRAM-SHA-256$0:AA==$AA==:AA==", "SCRAM-SHA-1$1:AA==$AA==:AA==", "x$y$z"])
    func noVerifier(text: String) { #expect(ScramVerifier(text) == nil) }
}
