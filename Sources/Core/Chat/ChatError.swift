package import JSON

/// A refusal as clients see it: CONTRACT's code, and words that say how to mend it.
package struct ChatError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The codes of the table of errors (HTTP, STOMP and RESPONSE records use the same).
    package enum Code: String, Sendable, CaseIterable {
        case badRequest = "bad_request"
        case unauthenticated
        case notAMember = "not_a_member"
        case forbidden
        case notFound = "not_found"
        case methodNotAllowed = "method_not_allowed"
        case timeout
        case tooLarge = "too_large"
        case alreadyExists = "already_exists"
        case invalid
        case rateLimited = "rate_limited"
        case overloaded
        case unavailable
        case notConfirmed = "not_confirmed"
        case `internal`
    }

    /// What kind of refusal.
    package let code: Code
    /// One sentence for a person; holds no secret.
    package let message: String
    /// When to try again, in whole seconds; nil where that makes no sense, or nobody knows better than the default.
    package let retryAfterSeconds: Int?

    /// A refusal with words of its own.
    package init(_ code: Code, _ message: String, retryAfterSeconds: Int? = nil) {
        self.code = code
        self.message = message
        self.retryAfterSeconds = retryAfterSeconds
    }

    /// One refusal for any room one may not see, existing or not, in the same words.
    package static let notAMember = ChatError(.notAMember, "You are not a member of this room.")

    /// The code and the sentence.
    package var description: String { "\(code.rawValue): \(message)" }
}

extension ChatError.Code {
    /// The HTTP status that goes with the code; `too_large` is 413 unless the part of the request says otherwise.
    package var status: Int {
        switch self {
        case .badRequest: 400
        case .unauthenticated: 401
        case .notAMember, .forbidden: 403
        case .notFound: 404
        case .methodNotAllowed: 405
        case .timeout: 408
        case .alreadyExists: 409
        case .tooLarge: 413
        case .invalid: 422
        case .rateLimited: 429
        case .internal: 500
        case .overloaded, .unavailable: 503
        case .notConfirmed: 504
        }
    }

    /// Whether the refusal binds an idempotency key for ever (CONTRACT, Idempotency-Key: 400, 403, 404, 409, 413, 422).
    package var isFinal: Bool {
        switch self {
        case .badRequest, .notAMember, .forbidden, .notFound, .alreadyExists, .tooLarge, .invalid: true
        default: false
        }
    }
}

extension ChatError {
    /// The value of a refused RESPONSE: `{"error":{"code":…,"message":…}}`.
    package var json: [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("error")
        writer.beginObject()
        writer.key("code")
        writer.string(code.rawValue)
        writer.key("message")
        writer.string(message)
        writer.endObject()
        writer.endObject()
        return writer.bytes
    }

    /// The refusal in `value`, nil where it holds none. A code that is not known here counts as `internal`.
    package init?(json value: JSONValue) {
        guard let error = value["error"], let name = error["code"]?.string else { return nil }
        self.init(Code(rawValue: name) ?? .internal, error["message"]?.string ?? "")
    }
}
