import Chat
import Crypto
import FrontCore
import HTTP
import Kafka
import Linux
import Logging
import Reactor
import SockJS
import Stomp
import WebSocket

/// One reactor of a front: it turns bytes into events of its `FrontNode`, and the node's actions into bytes and
/// records.
final class FrontReactor: ReactorHandler {
    typealias Message = FrontMail

    let node: FrontNode
    let configuration: FrontConfiguration
    let context: FrontContext
    let scratch: StompScratch
    var peers: [Peer?] = []
    var freePeers: [Int] = []
    var headers = KafkaHeaders()
    /// Encrypted connections that are read again, and have decrypted text to begin with.
    var replaying: [SocketID] = []
    /// Connections whose catch-up waits for a short output queue.
    var awaitingDrain: Set<UInt64> = []
    /// The link to the log; nil until Kafka is there.
    var log: FrontLog?
    var nextPingMilliseconds: Int64 = 0
    var isDraining = false
    let sockJS: SockJSRouter
    /// SockJS sessions over HTTP by name and by number.
    var sockJSSessions: [String: SockJSPeer] = [:]
    var sockJSByID: [UInt64: SockJSPeer] = [:]
    var nextSockJS: UInt64 = 0
    /// Sessions with messages of this turn.
    var dirtySockJS: [SockJSPeer] = []
    /// WebSockets whose messages are framed by SockJS or compressed, and so are nobody else's.
    var wrappedSockets: Set<UInt64> = []
    /// Compressors by window bits, made when first needed.
    var deflations: [Int: Deflation] = [:]
    let index: Int

    /// A reactor over `node`, number `index` of its front.
    init(index: Int, node: FrontNode, configuration: FrontConfiguration, context: FrontContext) {
        self.index = index
        self.node = node
        self.configuration = configuration
        self.context = context
        sockJS = SockJSRouter(configuration: SockJSConfiguration(scriptURL: configuration.sockJSURL))
        scratch = StompScratch(limits: StompLimits(frameBytesMax: configuration.frameBytesMax))
    }

    func peer(_ id: SocketID, _ connections: Connections) -> Peer? {
        let context = connections.context(of: id)
        guard context > 0, context <= peers.count, let peer = peers[Int(context) - 1], peer.id == id else { return nil }
        return peer
    }

    func opened(_ id: SocketID, listener: Int, _ connections: Connections) {
        setClock()
        let index = freePeers.popLast() ?? peers.count
        let peer = Peer(id: id, index: index, mode: listener == FrontReactor.stompListener ? .tcp : .http)
        if index == peers.count { peers.append(peer) } else { peers[index] = peer }
        connections.setContext(of: id, UInt64(index) + 1)
        if case .tcp = peer.mode {
            node.connected(peer.coreID, transport: .raw)
        } else {
            peer.http = makeHTTPParser()
            peer.tls = context.tls.flatMap { try? TLSEngine($0, isServer: true) }
            setTimer(.idle, of: peer, connections)
        }
    }

    /// The listener of plain STOMP; the first one is HTTP's.
    static let stompListener = 1

    func makeHTTPParser() -> HTTPRequestParser {
        HTTPRequestParser(limits: HTTPLimits(headBytesMax: configuration.headBytesMax))
    }

    func received(_ id: SocketID, _ bytes: UnsafeMutableRawBufferPointer, _ connections: Connections) -> Int {
        guard let peer = peer(id, connections) else { return bytes.count }
        setClock()
        guard peer.tls != nil else { return process(peer, bytes, connections) }
        decrypt(UnsafeRawBufferPointer(bytes), of: peer, connections)
        return bytes.count
    }

    /// Text of a connection, in the protocol it speaks now; returns how much of it is done with.
    func process(_ peer: Peer, _ bytes: UnsafeMutableRawBufferPointer, _ connections: Connections) -> Int {
        var consumed = 0
        // A request may turn the connection into a WebSocket whose first frame is right behind it, and one that is
        // answered at once may have the next behind it (RFC 9112 §9.3.2).
        var goesOn = true
        while goesOn, consumed < bytes.count {
            let rest = UnsafeMutableRawBufferPointer(rebasing: bytes[consumed...])
            switch peer.mode {
            case .http:
                consumed += receiveHTTP(peer, UnsafeRawBufferPointer(rest), connections)
            case .answering: goesOn = false
            case .webSocket:
                receiveWebSocket(peer, rest, connections)
                return bytes.count
            case .tcp:
                receiveStomp(peer, UnsafeRawBufferPointer(rest))
                return bytes.count
            case .closing: return bytes.count
            }
        }
        return consumed
    }

    func inputEnded(_ id: SocketID, _ connections: Connections) {
        guard let peer = peer(id, connections) else { return }
        // Half-closed HTTP still gets its answer (RFC 9112 §9.6); STOMP has nobody left to talk to.
        if case .answering = peer.mode, peer.sockJS == nil { return }
        setClock()
        node.disconnected(peer.coreID)
        end(peer, connections)
    }

    func drained(_ id: SocketID, _ connections: Connections) {
        guard awaitingDrain.remove(id.rawValue) != nil else { return }
        setClock()
        node.drained(FrontCore.ConnectionID(raw: id.rawValue))
    }

    func outputBlocked(_ id: SocketID, _ why: BlockedOutput, _ connections: Connections) {
        guard let peer = peer(id, connections) else { return }
        setClock()
        if case .webSocket = peer.mode {
            var close: [UInt8] = []
            WebSocketWriter.appendClose(
                code: WebSocketCloseCode.tooSlow, reason: "too slow; come back with since", to: &close)
            write(close, to: peer, connections)
        }
        node.disconnected(peer.coreID)
        peer.mode = .closing
    }

    func closed(_ id: SocketID, _ reason: SocketEnd, _ connections: Connections) {
        guard let peer = peer(id, connections) else { return }
        setClock()
        node.disconnected(peer.coreID)
        awaitingDrain.remove(id.rawValue)
        wrappedSockets.remove(id.rawValue)
        if let session = peer.sockJS {
            update(session, connections) { state, now, actions in
                state.abort(receiver: id.rawValue, now: now, actions: &actions)
            }
        }
        peers[peer.index] = nil
        freePeers.append(peer.index)
    }

    func woken(_ messages: [FrontMail], _ connections: Connections) {
        setClock()
        for message in messages {
            switch message {
            case .connected(let log): self.log = log
            case .batch(let batch): take(batch)
            case .gap: node.lostFacts()
            case .failed(let counter, let maybe): node.produceFailed(counter: counter, maybe: maybe)
            case .derived(let job, let key): node.derived(job: job, key: key)
            case .proceed: break
            case .drain:
                isDraining = true
                node.closeAllConnections()
            }
        }
    }

    func ticked(_ connections: Connections) {
        setClock()
        node.tick()
        tickSockJS(connections)
        let now = node.clock.monotonicMilliseconds
        if now >= nextPingMilliseconds {
            nextPingMilliseconds = now + 2000
            node.ping()
        }
        context.status.note(reactor: index, snapshot())
    }

    func turnEnded(_ connections: Connections) {
        perform(connections)
        replayDecrypted(connections)
        proceedCatchUps(connections)
        flushSockJS(connections)
    }

    /// Tells the node what time it is.
    func setClock() {
        node.clock = FrontClock(
            wallMilliseconds: SystemClock.wallMilliseconds(),
            monotonicMilliseconds: Int64(SystemClock.monotonicNanoseconds() / 1_000_000))
    }

    private func snapshot() -> FrontStatus.Snapshot {
        FrontStatus.Snapshot(
            counters: node.counters, stomp: node.stompCounters, pending: node.pendingCount, rooms: node.roomCount,
            backendSilenceMilliseconds: node.backendSeenMilliseconds.map {
                node.clock.monotonicMilliseconds - $0
            })
    }

    /// Gives every record to whom it concerns.
    private func take(_ batch: RecordBatch) {
        for entry in batch.entries {
            batch.with(entry) { key, value in
                switch entry.topic {
                case .chatMessageResponse:
                    if !entry.isRefused { node.fact(key: key, epoch: entry.epoch, value: value) }
                case .userResponse:
                    if !entry.isRefused { node.userFact(key: Array(key), value: entry.hasValue ? value : nil) }
                case .session:
                    if entry.hasValue { node.sessionEnded(sessionID: String(decoding: key, as: UTF8.self)) }
                default: break
                }
                guard let answer = entry.answer else { return }
                node.answered(
                    counter: answer.counter, messageID: answer.messageID, type: answer.type,
                    isRefused: entry.isRefused, epoch: entry.epoch, value: value)
            }
        }
    }
}
