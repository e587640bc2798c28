import FrontCore
import SockJS
import Stomp

/// A SockJS session over HTTP: a connection to FrontCore that outlives its requests.
final class SockJSPeer {
    let id: FrontCore.ConnectionID
    /// The session's name in its URL, with the prefix it was opened under.
    let name: String
    var session: SockJSSession
    var stomp = StompParser()
    /// Messages were queued in this turn.
    var isDirty = false

    init(id: ConnectionID, name: String, session: SockJSSession) {
        self.id = id
        self.name = name
        self.session = session
    }

    /// Set in the numbers of such connections, and never in those of sockets.
    static let bit: UInt64 = 1 << 63
}
