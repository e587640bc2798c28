/// Where a server listens or is found: `127.0.0.1:8081`, `[::1]:8081`, `name:8081`.
package struct HostPort: Sendable, Equatable, CustomStringConvertible {
    /// A name or an address, an IPv6 address without its brackets.
    package let host: String
    /// 0 to 65535; 0 lets the system choose.
    package let port: UInt16

    /// Reads `HOST:PORT`; nil where it is not of that form.
    package init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":") else { return nil }
        let digits = text[text.index(after: colon)...]
        guard (1...5).contains(digits.utf8.count), digits.utf8.allSatisfy({ $0 >= 48 && $0 <= 57 }),
            let port = UInt16(digits)
        else { return nil }
        var host = String(text[..<colon])
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = String(host.dropFirst().dropLast())
            guard host.contains(":") else { return nil }
        } else if host.contains(":") {
            return nil
        }
        guard !host.isEmpty, !host.contains(where: { $0.isWhitespace || "/[]@".contains($0) }) else { return nil }
        self.host = host
        self.port = port
    }

    /// As it was read, with brackets around an IPv6 address.
    package var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
