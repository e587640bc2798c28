/// What breaks the protocol: always answered with ERROR and the end of the connection.
package struct StompError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The kinds of broken frames.
    package enum Kind: Sendable, Equatable, CaseIterable {
        /// The frame does not follow the grammar (STOMP 1.2, Augmented BNF).
        case malformed
        /// An escape sequence that the version does not define (STOMP 1.2, Value Encoding).
        case undefinedEscape
        /// Command or headers are not UTF-8 (STOMP 1.2, Value Encoding).
        case notUTF8
        /// A body in a frame that must not have one (STOMP 1.2, Body).
        case bodyNotAllowed
        /// A limit is exceeded (STOMP 1.2, Size Limits).
        case tooLarge
    }

    /// What rule is broken.
    package let kind: Kind
    /// One line that says what is wrong; holds nothing of what came in.
    package let message: String
    /// The value of the `receipt` header, where the broken frame still told it: the ERROR repeats it.
    package let receipt: [UInt8]?

    /// An error of `kind`; `message` is one line that says what is wrong.
    package init(_ kind: Kind, _ message: String, receipt: [UInt8]? = nil) {
        self.kind = kind
        self.message = message
        self.receipt = receipt
    }

    /// The code of the error as HTTP spells it too: `too_large` or `bad_request`.
    package var code: String { kind == .tooLarge ? "too_large" : "bad_request" }

    /// The same as `message`.
    package var description: String { message }
}
