/// A whole request, read in the one way there is (RFC 9112).
package struct HTTPRequest: Sendable {
    /// The method as sent; case matters (RFC 9110 §9.1).
    package let method: String
    /// Path and query.
    package let target: HTTPTarget
    /// HTTP/1.1 or a later 1.x; false: HTTP/1.0.
    package let isHTTP11: Bool
    /// The header fields.
    package let fields: HTTPFields
    /// Host and port the request is for, "" where it does not say.
    package let host: String
    /// The client keeps the connection open after this request (RFC 9112 §9.3).
    package let keepsAlive: Bool
    /// The body, without chunks.
    package internal(set) var body: [UInt8] = []

    /// A HEAD: answered as GET, without the body (RFC 9110 §9.3.2).
    package var isHead: Bool { method == "HEAD" }

    /// The value of the cookie `name`, nil where there is none; of several the first (RFC 6265 §4.2).
    package func cookie(_ name: String) -> String? {
        for field in fields.all("cookie") {
            for part in field.split(separator: ";") {
                let pair = part.drop { $0 == " " || $0 == "\t" }
                guard let equals = pair.firstIndex(of: "="), pair[..<equals] == name else { continue }
                var value = pair[pair.index(after: equals)...]
                while value.last == " " || value.last == "\t" { value.removeLast() }
                if value.count >= 2 && value.first == "\"" && value.last == "\"" {
                    value = value.dropFirst().dropLast()
                }
                return String(value)
            }
        }
        return nil
    }

    /// The token of `Authorization: Bearer TOKEN` (RFC 6750 §2.1), nil where there is none.
    package var bearerToken: String? {
        guard let value = fields["authorization"], let space = value.firstIndex(of: " ") else { return nil }
        guard value[..<space].lowercased() == "bearer" else { return nil }
        let token = value[space...].drop { $0 == " " }
        return token.isEmpty ? nil : String(token)
    }
}
