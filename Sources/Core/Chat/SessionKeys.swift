/// The keys that fronts and backends derive from the secret of `--session-key`, one for each purpose.
package struct SessionKeys: Sendable {
    /// Signs session tokens.
    package let token: [UInt8]
    /// Seals SCRAM verifiers (`credential`).
    package let credential: [UInt8]
    /// Makes the server's nonces of SCRAM, so that a backend need not remember them.
    package let nonce: [UInt8]
    /// Makes the salts of people who do not exist, so that a challenge does not tell.
    package let decoy: [UInt8]

    /// Derives the keys: HMAC-SHA-256 of each purpose's name, under `secret`. `hmac` takes key and text.
    package init(secret: [UInt8], hmac: (_ key: [UInt8], _ text: [UInt8]) -> [UInt8]) {
        func derive(_ purpose: String) -> [UInt8] { hmac(secret, Array("madang \(purpose)".utf8)) }
        token = derive("token")
        credential = derive("credential")
        nonce = derive("nonce")
        decoy = derive("decoy")
    }
}
