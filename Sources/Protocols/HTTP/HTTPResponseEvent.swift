/// What the response parser found.
package enum HTTPResponseEvent: Sendable {
    /// All bytes are taken; the parser kept what it needs.
    case needMore
    /// A whole response. After 101 what follows in the buffer belongs to the protocol upgraded to.
    case response(HTTPResponse)
    /// The server broke the protocol or a limit: close the connection.
    case violation(HTTPViolation)
}
