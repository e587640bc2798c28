/// Which pages may use the front with a person's cookie, decided by the header Origin (RFC 6454 §7).
struct OriginPolicy: Sendable {
    /// `--origins`, in small letters, without a slash at the end.
    private let listed: Set<String>
    private let isLoopback: Bool

    /// `listed` empty: the front's own, and any port of localhost and 127.0.0.1 while it is bound to loopback.
    init(listed: [String], isLoopback: Bool) {
        self.listed = Set(listed.map { OriginPolicy.normal($0) })
        self.isLoopback = isLoopback
    }

    /// Whether a request with this Origin and Host may act with a person's cookie. No Origin at all is no browser's
    /// cross-site request.
    func allows(origin: String?, host: String?) -> Bool {
        guard let origin else { return true }
        let normal = OriginPolicy.normal(origin)
        if listed.contains("*") || listed.contains(normal) { return true }
        guard let authority = OriginPolicy.authority(normal) else { return false }
        if let host, authority == host.lowercased() { return true }
        guard listed.isEmpty, isLoopback else { return false }
        let name = OriginPolicy.hostName(authority)
        return name == "localhost" || name == "127.0.0.1"
    }

    private static func normal(_ origin: String) -> String {
        var text = origin.lowercased()
        while text.last == "/" { text.removeLast() }
        return text
    }

    /// `host:port` of `scheme://host:port`.
    private static func authority(_ origin: String) -> String? {
        for scheme in ["http://", "https://"] where origin.hasPrefix(scheme) {
            let rest = origin.dropFirst(scheme.count)
            return rest.isEmpty || rest.contains("/") ? nil : String(rest)
        }
        return nil
    }

    private static func hostName(_ authority: String) -> String {
        guard !authority.hasPrefix("["), let colon = authority.lastIndex(of: ":") else { return authority }
        return String(authority[..<colon])
    }
}
