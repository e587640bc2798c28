/// What a request is for (RFC 9112 §3.2), decoded once and for all.
package struct HTTPTarget: Sendable {
    /// One parameter of the query.
    package struct QueryItem: Equatable, Sendable {
        /// What stands before the equals sign, decoded.
        package let name: String
        /// What stands behind it, decoded; empty where there is none.
        package let value: String
    }

    /// The path as sent, still encoded; `*` for a server-wide OPTIONS.
    package let path: String
    /// The path between its slashes, each segment decoded, so that an encoded slash stays inside. `/`: none; `/a/`:
    /// `a` and an empty one.
    package let segments: [String]
    /// The query in order, a plus sign read as a space.
    package let query: [QueryItem]
    /// Host and port of an absolute target, which replace those of the Host field (RFC 9112 §3.2.2).
    let authority: String?

    /// The value of the first query parameter called `name`, nil where there is none.
    package func query(_ name: String) -> String? { query.first { $0.name == name }?.value }

    init(_ bytes: ArraySlice<UInt8>, method: String) throws(HTTPViolation) {
        guard let first = bytes.first, bytes.allSatisfy(HTTPByte.isTarget) else {
            throw .bad("a malformed request target")
        }
        var rest = bytes
        var authority: String?
        if method == "OPTIONS" && bytes.elementsEqual("*".utf8) {
            (path, segments, query, self.authority) = ("*", [], [], nil)
            return
        }
        if first != UInt8(ascii: "/") {
            guard let absolute = Self.afterScheme(bytes) else { throw .bad("a malformed request target") }
            let host = absolute.prefix { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") }
            authority = String(decoding: host, as: UTF8.self)
            rest = absolute.dropFirst(host.count)
            guard !host.isEmpty, HTTPHost.isValid(host) else { throw .bad("a malformed host in the request target") }
        }
        let path = rest.prefix { $0 != UInt8(ascii: "?") }
        self.authority = authority
        self.path = path.isEmpty ? "/" : String(decoding: path, as: UTF8.self)
        segments = try Self.segments(path)
        query = try Self.query(rest.dropFirst(path.count + 1))
    }

    private static func afterScheme(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        for scheme in ["http://", "https://"] {
            let start = bytes.prefix(scheme.utf8.count)
            if start.elementsEqual(scheme.utf8, by: { HTTPByte.lowercased($0) == $1 }) {
                return bytes.dropFirst(start.count)
            }
        }
        return nil
    }

    private static func segments(_ path: ArraySlice<UInt8>) throws(HTTPViolation) -> [String] {
        guard path.count > 1 else { return [] }
        var segments: [String] = []
        for segment in path.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
            guard let text = HTTPPercent.decode(segment) else { throw .bad("a malformed escape in the path") }
            segments.append(text)
        }
        return segments
    }

    private static func query(_ bytes: ArraySlice<UInt8>) throws(HTTPViolation) -> [QueryItem] {
        var items: [QueryItem] = []
        for part in bytes.split(separator: UInt8(ascii: "&")) {
            let name = part.prefix { $0 != UInt8(ascii: "=") }
            guard let key = HTTPPercent.decode(name, plusIsSpace: true),
                let value = HTTPPercent.decode(part.dropFirst(name.count + 1), plusIsSpace: true)
            else { throw .bad("a malformed escape in the query") }
            items.append(QueryItem(name: key, value: value))
        }
        return items
    }
}
