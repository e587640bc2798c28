/// A number the shell gives an HTTP request, to bring the answer back to its connection.
package struct HTTPRequestID: Hashable, Sendable {
    /// The shell's number for it.
    package let raw: UInt64

    /// The request that the shell calls `raw`.
    package init(raw: UInt64) { self.raw = raw }
}

/// An HTTP request as far as the API looks at it.
package struct APIRequest: Sendable {
    /// `GET`, `POST`, …
    package var method: String
    /// The path's segments, percent-decoded: `["chat", "10"]`.
    package var path: [String]
    /// The query's items, percent-decoded, in their order.
    package var query: [(name: String, value: String)]
    /// The header Authorization.
    package var authorization: String?
    /// The cookie `session`; nil where a foreign Origin makes it count for nothing.
    package var sessionCookie: String?
    /// The header Idempotency-Key.
    package var idempotencyKey: String?
    /// The header Host.
    package var host: String?
    /// The header User-Agent.
    package var userAgent: String?
    /// The header traceparent.
    package var traceparent: String?
    /// The shell's name for the request, for X-Request-Id and errors.
    package var requestID = ""
    /// The body.
    package var body: [UInt8]

    /// A request with only a method, a path and a body.
    package init(method: String, path: [String], query: [(name: String, value: String)] = [], body: [UInt8] = []) {
        self.method = method
        self.path = path
        self.query = query
        self.body = body
    }
}

/// An HTTP answer before the shell adds Date, Content-Length and CORS headers.
package struct APIResponse: Sendable {
    /// The status code.
    package var status: Int
    /// Further headers.
    package var headers: [(name: String, value: String)]
    /// The body.
    package var body: [UInt8]
    /// Of `body`; nil for none.
    package var contentType: String?

    /// An answer; JSON unless said otherwise.
    package init(
        status: Int, headers: [(name: String, value: String)] = [], body: [UInt8] = [],
        contentType: String? = "application/json;charset=utf-8"
    ) {
        self.status = status
        self.headers = headers
        self.body = body
        self.contentType = body.isEmpty ? nil : contentType
    }
}
