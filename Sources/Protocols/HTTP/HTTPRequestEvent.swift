/// What the request parser found.
package enum HTTPRequestEvent: Sendable {
    /// All bytes are taken; the parser kept what it needs, the caller keeps nothing.
    case needMore
    /// The client waits before it sends the body: answer `HTTPResponse.goOn`, then go on (RFC 9110 §10.1.1).
    case expectsContinue
    /// A whole request. What follows in the buffer belongs to the next one, or to the protocol upgraded to.
    case request(HTTPRequest)
    /// Answer with its status and close. Whatever follows is not looked at.
    case violation(HTTPViolation)
}
