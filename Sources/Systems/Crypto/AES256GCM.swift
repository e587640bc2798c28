import COpenSSL

/// AES-256 in Galois/Counter Mode (NIST SP 800-38D): what it seals can neither be read nor changed without the key.
package enum AES256GCM {
    /// Bytes of the random nonce before the sealed text.
    package static let nonceBytes = 12
    /// Bytes of the tag after it.
    package static let tagBytes = 16

    /// Seals: a new random nonce, the encrypted text, the tag. `authenticated` goes into the tag and is not kept; to
    /// open it must be the same. `key` has 32 bytes.
    package static func seal(_ text: [UInt8], key: [UInt8], authenticated: [UInt8] = []) -> [UInt8] {
        seal(text, key: key, nonce: SecureRandom.bytes(nonceBytes), authenticated: authenticated)
    }

    /// Seals with a nonce of the caller's, who must never use it twice with a key.
    package static func seal(_ text: [UInt8], key: [UInt8], nonce: [UInt8], authenticated: [UInt8]) -> [UInt8] {
        precondition(key.count == 32 && nonce.count == nonceBytes)
        let context = EVP_CIPHER_CTX_new()
        defer { EVP_CIPHER_CTX_free(context) }
        var sealed = [UInt8](repeating: 0, count: text.count)
        var tag = [UInt8](repeating: 0, count: tagBytes)
        var length: Int32 = 0
        let done =
            EVP_EncryptInit_ex(context, EVP_aes_256_gcm(), nil, key, nonce) == 1
            && EVP_EncryptUpdate(context, nil, &length, authenticated, Int32(authenticated.count)) == 1
            && (text.isEmpty || EVP_EncryptUpdate(context, &sealed, &length, text, Int32(text.count)) == 1)
            && EVP_EncryptFinal_ex(context, &tag, &length) == 1
            && copenssl_gcm_get_tag(context, &tag) == 1
        precondition(done, "OpenSSL lacks AES-256-GCM")
        return nonce + sealed + tag
    }

    /// What was sealed, or nil where the key, `authenticated`, or any bit is another.
    package static func open(_ sealed: [UInt8], key: [UInt8], authenticated: [UInt8] = []) -> [UInt8]? {
        precondition(key.count == 32)
        guard sealed.count >= nonceBytes + tagBytes else { return nil }
        let nonce = Array(sealed[..<nonceBytes])
        let body = Array(sealed[nonceBytes..<(sealed.count - tagBytes)])
        let tag = Array(sealed.suffix(tagBytes))
        let context = EVP_CIPHER_CTX_new()
        defer { EVP_CIPHER_CTX_free(context) }
        var text = [UInt8](repeating: 0, count: body.count)
        var rest = [UInt8](repeating: 0, count: 16)
        var length: Int32 = 0
        let done =
            EVP_DecryptInit_ex(context, EVP_aes_256_gcm(), nil, key, nonce) == 1
            && EVP_DecryptUpdate(context, nil, &length, authenticated, Int32(authenticated.count)) == 1
            && (body.isEmpty || EVP_DecryptUpdate(context, &text, &length, body, Int32(body.count)) == 1)
            && copenssl_gcm_set_tag(context, tag) == 1
            && EVP_DecryptFinal_ex(context, &rest, &length) == 1
        return done ? text : nil
    }
}
