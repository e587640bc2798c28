import Crypto
import FrontCore
import HTTP
import Reactor
import SockJS
import Stomp
import WebSocket

/// One connection as the shell knows it: which protocol it speaks now, and what is kept between two reads.
final class Peer {
    let id: SocketID
    /// Where in `FrontReactor.peers` it stands.
    let index: Int
    var mode: Mode
    var http: HTTPRequestParser?
    var webSocket: WebSocketParser?
    var stomp = StompParser()
    /// Set while SockJS frames its WebSocket messages.
    var sockJSSocket: SockJSSocket?
    /// Set where permessage-deflate was agreed.
    var deflation: Deflation?
    /// The SockJS session that the request at hand takes frames of.
    var sockJS: SockJSPeer?
    /// The streaming answer at hand goes out in chunks.
    var isChunked = false
    /// Set where the connection is encrypted; what was decrypted and not consumed yet stands beside it.
    var tls: TLSEngine?
    var decrypted: [UInt8] = []
    /// What its timer waits for.
    var timer = Timer.none

    init(id: SocketID, index: Int, mode: Mode) {
        self.id = id
        self.index = index
        self.mode = mode
    }

    enum Mode {
        /// Reads requests.
        case http
        /// A request waits for its answer; nothing is read.
        case answering(HTTPExchange)
        /// STOMP in WebSocket messages.
        case webSocket
        /// STOMP as it comes.
        case tcp
        /// The last bytes are on their way; what comes is thrown away.
        case closing
    }

    enum Timer { case none, idle, head, body }

    /// Its name in FrontCore.
    var coreID: FrontCore.ConnectionID { FrontCore.ConnectionID(raw: id.rawValue) }
}

/// What of a request its answer needs.
struct HTTPExchange {
    let isHead: Bool
    let isHTTP11: Bool
    let keepsAlive: Bool
    /// The Origin to name in CORS headers; nil for none.
    let allowedOrigin: String?
    let requestID: String
}
