/// One header of an answer.
package struct SockJSHeader: Sendable, Equatable {
    /// The header's name as it is written.
    package var name: String
    /// The header's value.
    package var value: String

    /// A header `name: value`.
    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

/// An answer, or the head of one whose body follows piece by piece. Whoever sends it adds the headers that belong to
/// the connection: Content-Length or Transfer-Encoding, Connection, Date, X-Request-Id.
package struct SockJSResponse: Sendable, Equatable {
    /// The status code.
    package var status: Int
    /// The headers, none twice.
    package var headers: [SockJSHeader]
    /// The whole body; empty for a head.
    package var body: [UInt8]

    /// An answer with `status`.
    package init(status: Int, headers: [SockJSHeader], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// The value of the header `name`, whatever the case of its letters.
    package subscript(name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }
}
