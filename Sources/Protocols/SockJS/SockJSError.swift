/// Why what a client sent could not be used.
package enum SockJSError: Error, Sendable, Equatable {
    /// Nothing, or no array.
    case payloadExpected
    /// No JSON, or not an array of strings.
    case brokenJSON

    /// The words that the protocol's tests look for.
    package var message: String {
        switch self {
        case .payloadExpected: "Payload expected."
        case .brokenJSON: "Broken JSON encoding."
        }
    }
}
