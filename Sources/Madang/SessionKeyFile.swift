import Chat
import Crypto
import Flags
import Linux

/// The file of `--session-key`: 32 octets, as they are or as 64 hexadecimal digits.
enum SessionKeyFile {
    /// Where `madang up` keeps it, and where it is looked for when the flag is not given.
    static let usual = ".madang/run/session.key"

    /// The keys derived from the secret in `path`, or in the usual place where there is no path and a file is there.
    /// Throws where it cannot be read or is no secret, and what to do about it.
    static func keys(_ path: String?) throws(Misuse) -> SessionKeys? {
        guard let path = path ?? (File.exists(usual) ? usual : nil) else { return nil }
        let content: [UInt8]
        do {
            content = try File.read(path)
        } catch {
            throw Misuse("--session-key \(path): \(error)")
        }
        guard let secret = secret(content) else {
            throw Misuse("--session-key \(path): 32 octets or 64 hexadecimal digits are accepted")
        }
        return SessionKeys(secret: secret) { key, text in HMACSHA256.code(text, key: key) }
    }

    /// The same, for a service that cannot do without.
    static func neededKeys(_ path: String?) throws(Misuse) -> SessionKeys {
        guard let keys = try keys(path) else {
            throw Misuse(
                "--session-key FILE is needed, the same for all fronts and backends; "
                    + "make one with: head -c 32 /dev/urandom > session.key")
        }
        return keys
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
