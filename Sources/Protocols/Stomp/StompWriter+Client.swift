// The frames of a client (STOMP 1.2, Client Frames).
extension StompWriter {
    /// CONNECT with all that a client of any version has to say.
    package mutating func connect(
        host: String, login: String? = nil, passcode: String? = nil,
        heartbeat: StompHeartbeat.Offer = .init(canSendMilliseconds: 0, wantsMilliseconds: 0),
        acceptVersion: String = "1.2,1.1,1.0", more: [(name: String, value: String)] = []
    ) {
        begin(.connect)
        header("accept-version", acceptVersion)
        header("host", host)
        if let login { header("login", login) }
        if let passcode { header("passcode", passcode) }
        header("heart-beat", heartbeat.header)
        headers(more)
        end()
    }

    /// SEND of a body to a destination.
    package mutating func send(
        destination: String, contentType: String? = nil, receipt: String? = nil,
        more: [(name: String, value: String)] = [], body: some Collection<UInt8>
    ) {
        begin(.send)
        header("destination", destination)
        if let contentType { header("content-type", contentType) }
        if let receipt { header("receipt", receipt) }
        headers(more)
        end(body: body)
    }

    /// SUBSCRIBE to a destination under an id of the client's own.
    package mutating func subscribe(
        id: String, destination: String, ack: String? = nil, receipt: String? = nil,
        more: [(name: String, value: String)] = []
    ) {
        begin(.subscribe)
        header("id", id)
        header("destination", destination)
        if let ack { header("ack", ack) }
        if let receipt { header("receipt", receipt) }
        headers(more)
        end()
    }

    /// UNSUBSCRIBE from the subscription `id`.
    package mutating func unsubscribe(id: String, receipt: String? = nil) {
        begin(.unsubscribe)
        header("id", id)
        if let receipt { header("receipt", receipt) }
        end()
    }

    /// BEGIN, COMMIT or ABORT of a transaction.
    package mutating func transaction(_ command: StompCommand, _ transaction: String, receipt: String? = nil) {
        precondition(command == .begin || command == .commit || command == .abort)
        begin(command)
        header("transaction", transaction)
        if let receipt { header("receipt", receipt) }
        end()
    }

    /// DISCONNECT, whose RECEIPT says that all before it was received.
    package mutating func disconnect(receipt: String? = nil) {
        begin(.disconnect)
        if let receipt { header("receipt", receipt) }
        end()
    }

    private mutating func headers(_ more: [(name: String, value: String)]) {
        for (name, value) in more { header(named: name, value) }
    }
}
