import Chat
import Crypto
import Linux

/// The file of `--session-key`: 32 octets, as they are or as 64 hexadecimal digits.
enum SessionKeyFile {
    /// Why there is no key.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// The keys that are derived from the secret in `path`. Throws where it cannot be read or is no secret.
    static func read(_ path: String) throws(Failure) -> SessionKeys {
        let content: [UInt8]
        do {
            content = try File.read(path)
        } catch {
            throw Failure(
                description: "--session-key \(path): \(error); make one with: head -c 32 /dev/urandom > \(path)")
        }
        guard let secret = secret(content) else {
            throw Failure(description: "--session-key \(path): wanted are 32 octets or 64 hexadecimal digits")
        }
        return SessionKeys(secret: secret) { key, text in HMACSHA256.code(text, key: key) }
    }

    private static func secret(_ content: [UInt8]) -> [UInt8]? {
        if content.count == 32 { return content }
        let text = String(decoding: content, as: UTF8.self).filter { !$0.isWhitespace }
        guard text.utf8.count == 64 else { return nil }
        var secret: [UInt8] = []
        var rest = text[...]
        while !rest.isEmpty {
            guard let octet = UInt8(rest.prefix(2), radix: 16) else { return nil }
            secret.append(octet)
            rest = rest.dropFirst(2)
        }
        return secret
    }
}
