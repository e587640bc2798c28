import Linux

extension Connections {
    /// Closes a connection at the end of this turn; what was not sent is lost.
    package func close(_ id: ConnectionID) {
        if slots.find(id) != nil { end(id.slot, .owner) }
    }

    /// Takes no more bytes for a connection, and closes it once what there is has gone out, after `lingerMilliseconds`
    /// at the latest. The other side hears an orderly end and gets all of it: the socket is shut one way and closed
    /// when the other side has ended too, since closing with unread input would reset what is on its way.
    package func closeAfterFlush(_ id: ConnectionID) {
        guard let slot = slots.find(id),
            slot.pointee.flags.isDisjoint(with: [.closing, .closesAfterFlush, .lingering])
        else { return }
        slot.pointee.flags.insert(.closesAfterFlush)
        wheel.set(id.slot, at: tick(after: configuration.lingerMilliseconds), in: slots)
        if !slot.pointee.flags.contains(.dirty) {
            slot.pointee.flags.insert(.dirty)
            dirty.append(id.slot)
        }
    }

    /// Shuts a connection that is to close and whose output is out.
    func finishIfFlushed(_ number: UInt32) {
        let slot = slots[number]
        guard slot.pointee.flags.contains(.closesAfterFlush),
            slot.pointee.flags.isDisjoint(with: [.closing, .lingering, .backlogged])
        else { return }
        if slot.pointee.flags.contains(.inputEnded) { return end(number, .owner) }
        slot.pointee.flags.insert(.lingering)
        slot.pointee.flags.remove(.readingPaused)
        Socket.shutdownWriting(slot.pointee.descriptor)
        updateInterest(number)
        wheel.set(number, at: tick(after: configuration.lingerMilliseconds), in: slots)
    }

    /// Ends a connection with this turn.
    func end(_ number: UInt32, _ reason: CloseReason) {
        let slot = slots[number]
        guard slot.pointee.flags.contains(.inUse), !slot.pointee.flags.contains(.closing) else { return }
        slot.pointee.flags.insert(.closing)
        slot.pointee.reason = reason
        closing.append(number)
    }

    /// Gives everything of an ended connection back.
    func release(_ number: UInt32) {
        let slot = slots[number]
        removeFromBacklog(slot)
        if slot.pointee.flags.contains(.redelivers) { redelivering.removeAll { $0 == number } }
        counters.queuedBytes -= slot.pointee.output.count
        wheel.clear(number, in: slots)
        // Closing takes it out of the epoll set too: nobody else has a copy of this descriptor.
        Descriptor.close(slot.pointee.descriptor)
        slots.release(number)
        counters.open = slots.inUse
    }
}
