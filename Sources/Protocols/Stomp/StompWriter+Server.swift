// The frames of a server (STOMP 1.2, Server Frames), each header in a fixed order.
extension StompWriter {
    /// CONNECTED, with the headers that the contract promises.
    package mutating func connected(
        session: String, server: String, heartbeat: StompHeartbeat.Offer, userName: String? = nil
    ) {
        begin(.connected)
        header("version", version.name)
        header("session", session)
        header("heart-beat", heartbeat.header)
        header("server", server)
        if let userName { header("user-name", userName) }
        end()
    }

    /// RECEIPT without more than its id.
    package mutating func receipt(id: some Collection<UInt8>) {
        begin(.receipt)
        header("receipt-id", id)
        end()
    }

    /// ERROR with a body that says more.
    ///
    /// - Parameters:
    ///   - message: a short description: here, the code of the error.
    ///   - receipt: the `receipt` of the frame that caused it.
    package mutating func error(
        message: String, receipt: (some Collection<UInt8>)?, contentType: String, body: some Collection<UInt8>
    ) {
        begin(.error)
        header("message", message)
        if let receipt { header("receipt-id", receipt) }
        header("content-type", contentType)
        end(body: body)
    }

    /// The ERROR of a negotiation that found no common version (STOMP 1.2, Protocol Negotiation).
    package mutating func unsupportedVersion(message: String) {
        begin(.error)
        header("version", StompVersion.supportedNames)
        header("message", message)
        header("content-type", "text/plain")
        end(body: "Supported protocol versions are 1.0 1.1 1.2".utf8)
    }
}
