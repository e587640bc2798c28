// What sessions and the API want of the connections of people.
extension FrontNode {
    /// Closes every connection of a session: `CloseReason.sessionEnded`, on plain TCP an ERROR `unauthenticated` before it.
    func closeConnections(ofSession sessionID: String) {}

    /// Whether a person has a connection to this reactor.
    func isConnected(userID: String) -> Bool { false }
}
