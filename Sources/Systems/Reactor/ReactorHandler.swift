/// What a reactor asks of its owner. All of it is called on the reactor's thread; `connections` is the reactor's own,
/// and what is sent through it goes out at the turn's end. None of these may wait for anything.
package protocol ReactorHandler: AnyObject {
    /// What other threads send to the reactor.
    associatedtype Message: Sendable

    /// A connection came in through the listener with this number.
    func opened(_ id: ConnectionID, listener: Int, _ connections: Connections)

    /// Bytes came in: those that were not consumed the last time, then new ones. Returns how many are consumed; the
    /// rest is kept, and given again when there is more. They may be changed in place, and are good for this call only.
    func received(_ id: ConnectionID, _ bytes: UnsafeMutableRawBufferPointer, _ connections: Connections) -> Int

    /// The other side will send no more, but may still read.
    func inputEnded(_ id: ConnectionID, _ connections: Connections)

    /// Output that waited has all gone out.
    func drained(_ id: ConnectionID, _ connections: Connections)

    /// The other side does not read. After this call the connection takes no more bytes, and closes.
    func outputBlocked(_ id: ConnectionID, _ why: BlockedOutput, _ connections: Connections)

    /// The connection's timer went off.
    func timerFired(_ id: ConnectionID, _ connections: Connections)

    /// Messages of other threads, in the order they were posted.
    func woken(_ messages: [Message], _ connections: Connections)

    /// About every `tickMilliseconds`.
    func ticked(_ connections: Connections)

    /// Everything of this turn has been read; what is sent now still goes out with it.
    func turnEnded(_ connections: Connections)

    /// The connection is no more; its id reaches nobody. Called once for each that was opened or adopted.
    func closed(_ id: ConnectionID, _ reason: CloseReason, _ connections: Connections)
}

extension ReactorHandler {
    /// Closes once everything is sent.
    package func inputEnded(_ id: ConnectionID, _ connections: Connections) { connections.closeAfterFlush(id) }
    /// Does nothing.
    package func drained(_ id: ConnectionID, _ connections: Connections) {}
    /// Says nothing more.
    package func outputBlocked(_ id: ConnectionID, _ why: BlockedOutput, _ connections: Connections) {}
    /// Does nothing.
    package func timerFired(_ id: ConnectionID, _ connections: Connections) {}
    /// Does nothing.
    package func woken(_ messages: [Message], _ connections: Connections) {}
    /// Does nothing.
    package func ticked(_ connections: Connections) {}
    /// Does nothing.
    package func turnEnded(_ connections: Connections) {}
}
