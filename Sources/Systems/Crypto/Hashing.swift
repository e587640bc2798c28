import COpenSSL

/// SHA-1, only for the handshake of WebSocket (RFC 6455 §4.2.2), which does not lean on its strength.
package enum SHA1 {
    /// The 20 bytes.
    package static func hash(_ bytes: some Sequence<UInt8>) -> [UInt8] { digest(EVP_sha1(), Array(bytes), 20) }
}

/// SHA-256 (FIPS 180-4).
package enum SHA256 {
    /// The 32 bytes.
    package static func hash(_ bytes: some Sequence<UInt8>) -> [UInt8] { digest(EVP_sha256(), Array(bytes), 32) }
}

/// HMAC with SHA-256 (RFC 2104).
package enum HMACSHA256 {
    /// The 32 bytes.
    package static func code(_ message: some Sequence<UInt8>, key: some Sequence<UInt8>) -> [UInt8] {
        let message = Array(message)
        let key = Array(key)
        return [UInt8](unsafeUninitializedCapacity: 32) { buffer, count in
            var length: UInt32 = 0
            let made = HMAC(
                EVP_sha256(), key, Int32(key.count), message, message.count, buffer.baseAddress, &length)
            precondition(made != nil && length == 32, "OpenSSL has no HMAC-SHA-256")
            count = 32
        }
    }

    /// Whether `code` is the code of `message`; takes the same time wherever they differ.
    package static func isValid(
        _ code: some Sequence<UInt8>, of message: some Sequence<UInt8>, key: some Sequence<UInt8>
    ) -> Bool {
        ConstantTime.areEqual(Array(code), self.code(message, key: key))
    }
}

/// PBKDF2 with HMAC-SHA-256 (RFC 8018 §5.2), the Hi() of SCRAM (RFC 5802 §2.2).
package enum PBKDF2SHA256 {
    /// `count` derived bytes. Slow on purpose: not on a thread that serves connections.
    package static func derive(
        password: some Sequence<UInt8>, salt: some Sequence<UInt8>, iterations: Int, count: Int = 32
    ) -> [UInt8] {
        precondition(iterations > 0 && iterations <= 10_000_000 && count > 0)
        let password = Array(password).map { CChar(bitPattern: $0) }
        let salt = Array(salt)
        return [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            let status = PKCS5_PBKDF2_HMAC(
                password, Int32(password.count), salt, Int32(salt.count), Int32(iterations), EVP_sha256(),
                Int32(count), buffer.baseAddress)
            precondition(status == 1, "OpenSSL has no PBKDF2")
            filled = count
        }
    }
}

/// Comparisons that do not tell where two secrets differ.
package enum ConstantTime {
    /// Whether both are the same; only their lengths can be learnt from the time it takes.
    package static func areEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        left.count == right.count && CRYPTO_memcmp(left, right, left.count) == 0
    }
}

/// Random bytes for keys, salts and nonces.
package enum SecureRandom {
    /// `count` random bytes.
    package static func bytes(_ count: Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            let status = count == 0 ? 1 : RAND_bytes(buffer.baseAddress, Int32(count))
            // It fails only where the system gives no randomness at all, and then nothing secret may go on.
            precondition(status == 1, "no randomness")
            filled = count
        }
    }
}

private func digest(_ kind: OpaquePointer?, _ bytes: [UInt8], _ length: Int) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: length) { buffer, count in
        let status = EVP_Digest(bytes, bytes.count, buffer.baseAddress, nil, kind, nil)
        precondition(status == 1, "OpenSSL lacks a hash")
        count = length
    }
}
