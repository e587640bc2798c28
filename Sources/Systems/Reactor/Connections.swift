package import Linux

/// The connections of one reactor, as its handler uses them: sending, closing, timers. For the reactor's own thread
/// alone, and so not Sendable.
///
/// What is handed over in a turn goes out at its end, in one system call a connection. A thousand receivers of the same
/// bytes share them: `stage` copies once, `fanOut` notes for each receiver where they are.
package final class Connections {
    let configuration: ReactorConfiguration
    let epoll: Epoll
    var slots: SlotTable
    var segments = SegmentPool()
    /// Bytes for one connection and bytes for many lie apart, so that those for many stay side by side and a group's
    /// messages of one turn become one piece.
    var privateArena = TurnArena()
    var sharedArena = TurnArena()
    var wheel: TimerWheel
    var turn: UInt64 = 1
    /// Slots with segments, slots that end with this turn, slots whose output stands still, slots to read from memory.
    var dirty: [UInt32] = []
    var closing: [UInt32] = []
    var blocked: [(id: ConnectionID, why: BlockedOutput)] = []
    var redelivering: [UInt32] = []
    /// Slots whose output waits for the socket.
    var backlogged: [UInt32] = []
    var counters = ReactorCounters()
    let startNanoseconds: UInt64

    /// The time of this turn's start, in nanoseconds of the monotonic clock.
    package internal(set) var monotonicNanoseconds: UInt64

    init(configuration: ReactorConfiguration) throws(SystemError) {
        self.configuration = configuration
        epoll = try Epoll(readyMax: configuration.eventsPerTurn)
        slots = SlotTable(capacity: configuration.connectionsMax)
        startNanoseconds = SystemClock.monotonicNanoseconds()
        monotonicNanoseconds = startNanoseconds
        wheel = TimerWheel(now: 0)
    }

    /// Connections now.
    package var count: Int { slots.inUse }

    /// Whether the connection is there and still takes bytes.
    package func isOpen(_ id: ConnectionID) -> Bool {
        guard let slot = slots.find(id) else { return false }
        return slot.pointee.flags.isDisjoint(with: [.closing, .closesAfterFlush, .lingering])
    }

    /// The owner's own number for a connection, 0 at first.
    package func context(of id: ConnectionID) -> UInt64 { slots.find(id)?.pointee.context ?? 0 }

    /// Sets the owner's own number, an index into what the owner keeps of it.
    package func setContext(of id: ConnectionID, _ context: UInt64) { slots.find(id)?.pointee.context = context }

    /// Bytes of a connection that its socket did not take yet, those of this turn included.
    package func queuedBytes(_ id: ConnectionID) -> Int {
        guard let slot = slots.find(id) else { return 0 }
        var bytes = slot.pointee.output.count
        var segment = slot.pointee.firstSegment
        while segment != Slot.none {
            bytes += segments[segment].pointee.count
            segment = segments[segment].pointee.next
        }
        return bytes
    }

    /// The address of the other side; nil where it is gone.
    package func peerAddress(_ id: ConnectionID) -> SocketAddress? {
        slots.find(id).flatMap { Socket.peerAddress($0.pointee.descriptor) }
    }

    /// Calls `body` with every connection that is there.
    package func forEach(_ body: (ConnectionID) -> Void) {
        for index in 0..<slots.count {
            let slot = UInt32(index)
            let entry = slots[slot]
            if entry.pointee.flags.contains(.inUse), !entry.pointee.flags.contains(.closing) {
                body(ConnectionID(slot: slot, generation: entry.pointee.generation))
            }
        }
    }

    /// Takes over a connected socket, which need not come from a listener; nil (and it is closed) where there are too
    /// many. The handler's `opened` is not called.
    package func adopt(_ descriptor: Int32) -> ConnectionID? {
        guard let slot = slots.take() else {
            Descriptor.close(descriptor)
            counters.refused += 1
            return nil
        }
        let entry = slots[slot]
        entry.pointee.descriptor = descriptor
        let id = ConnectionID(slot: slot, generation: entry.pointee.generation)
        do throws(SystemError) {
            try Descriptor.setBlocking(descriptor, false)
            try epoll.add(descriptor, [.readable], token: id.rawValue)
        } catch {
            Descriptor.close(descriptor)
            slots.release(slot)
            counters.refused += 1
            return nil
        }
        Socket.setNoDelay(descriptor)
        if configuration.socketSendBytes > 0 {
            Socket.setBuffers(descriptor, sendBytes: configuration.socketSendBytes, receiveBytes: 0)
        }
        counters.accepted += 1
        counters.open = slots.inUse
        return id
    }

    // MARK: Timers

    /// Sets the one timer of a connection: the handler hears `timerFired` after about so many milliseconds, once.
    /// Setting it again moves it.
    package func setTimer(_ id: ConnectionID, milliseconds: Int) {
        guard let slot = slots.find(id), slot.pointee.flags.isDisjoint(with: [.lingering, .closesAfterFlush])
        else { return }
        wheel.set(id.slot, at: tick(after: milliseconds), in: slots)
    }

    /// Takes the timer away.
    package func clearTimer(_ id: ConnectionID) {
        guard let slot = slots.find(id), slot.pointee.flags.isDisjoint(with: [.lingering, .closesAfterFlush])
        else { return }
        wheel.clear(id.slot, in: slots)
    }

    /// Ticks since the start; the clock of the wheel.
    var currentTick: UInt64 {
        (monotonicNanoseconds - startNanoseconds) / (UInt64(configuration.tickMilliseconds) * 1_000_000)
    }

    func tick(after milliseconds: Int) -> UInt64 {
        let grain = configuration.tickMilliseconds
        return currentTick + UInt64((max(0, milliseconds) + grain - 1) / grain) + 1
    }

    // MARK: Interest

    /// Reads no more from a connection until `resumeReading`; what was not consumed is kept.
    package func pauseReading(_ id: ConnectionID) {
        guard let slot = slots.find(id), !slot.pointee.flags.contains(.readingPaused) else { return }
        slot.pointee.flags.insert(.readingPaused)
        updateInterest(id.slot)
    }

    /// Reads again, first what was kept.
    package func resumeReading(_ id: ConnectionID) {
        guard let slot = slots.find(id), slot.pointee.flags.contains(.readingPaused) else { return }
        slot.pointee.flags.remove(.readingPaused)
        updateInterest(id.slot)
        if !slot.pointee.kept.isEmpty, !slot.pointee.flags.contains(.redelivers) {
            slot.pointee.flags.insert(.redelivers)
            redelivering.append(id.slot)
        }
    }

    func updateInterest(_ slot: UInt32) {
        let entry = slots[slot]
        var events: Epoll.Events = []
        if entry.pointee.flags.isDisjoint(with: [.readingPaused, .inputEnded]) { events.insert(.readable) }
        if entry.pointee.flags.contains(.backlogged) { events.insert(.writable) }
        let id = ConnectionID(slot: slot, generation: entry.pointee.generation)
        do throws(SystemError) {
            try epoll.modify(entry.pointee.descriptor, events, token: id.rawValue)
        } catch {
            end(slot, .failed(error.code))
        }
    }
}
