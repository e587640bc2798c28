import Crypto
import FrontCore
import Logging
import Reactor

extension FrontReactor {
    /// Sends bytes of the protocol to a connection, encrypted where it is.
    func write(_ bytes: [UInt8], to peer: Peer, _ connections: Connections) {
        guard let tls = peer.tls else {
            connections.send(peer.id, bytes)
            return
        }
        do throws(TLSError) {
            try bytes.withUnsafeBytes { raw in Result { () throws(TLSError) in try tls.send(raw) } }.get()
            connections.send(peer.id, tls.takeOutput())
        } catch {
            connections.close(peer.id)
        }
    }

    /// Takes no more of a connection, and closes it when everything before was written.
    func end(_ peer: Peer, _ connections: Connections) {
        peer.mode = .closing
        if let tls = peer.tls {
            tls.close()
            connections.send(peer.id, tls.takeOutput())
        }
        connections.closeAfterFlush(peer.id)
    }

    /// Reads a connection again; text that was decrypted meanwhile comes first.
    func resume(_ peer: Peer, _ connections: Connections) {
        connections.resumeReading(peer.id)
        if !peer.decrypted.isEmpty { replaying.append(peer.id) }
    }

    /// Takes encrypted bytes in, and gives the text in them to the protocol.
    func decrypt(_ bytes: UnsafeRawBufferPointer, of peer: Peer, _ connections: Connections) {
        guard let tls = peer.tls else { return }
        do throws(TLSError) {
            let input = try tls.receive(bytes, into: &peer.decrypted)
            connections.send(peer.id, tls.takeOutput())
            processDecrypted(peer, connections)
            if input == .closed, case .answering = peer.mode {
            } else if input == .closed {
                inputEnded(peer.id, connections)
            }
        } catch {
            // The alert that says why goes out first.
            connections.send(peer.id, tls.takeOutput())
            context.logger.debug("\(error)")
            node.disconnected(peer.coreID)
            peer.mode = .closing
            connections.closeAfterFlush(peer.id)
        }
    }

    private func processDecrypted(_ peer: Peer, _ connections: Connections) {
        guard !peer.decrypted.isEmpty else { return }
        // Out of the peer while it is worked on: what it leads to may append to the peer's own.
        var text = peer.decrypted
        peer.decrypted = []
        let consumed = text.withUnsafeMutableBytes { process(peer, $0, connections) }
        if consumed < text.count { peer.decrypted = Array(text[consumed...]) + peer.decrypted }
    }

    /// Goes on with text that waited while a request was answered.
    func replayDecrypted(_ connections: Connections) {
        while !replaying.isEmpty {
            let ids = replaying
            replaying.removeAll()
            for id in ids {
                if let peer = peer(id, connections) { processDecrypted(peer, connections) }
            }
            perform(connections)
        }
    }
}
