package import Linux

/// A loop over epoll: one thread, the connections that came in through its listeners or were given to it, and a
/// mailbox.
///
/// Level-triggered: each ready connection is read once a turn, so none starves the others and no read is spent on
/// finding out that there is nothing. Everything that is ready is read, then `turnEnded`, then written: under load a
/// turn takes in more, and one write carries more, without a timer.
package final class Reactor<Handler: ReactorHandler> {
    /// The connections, for the reactor's own thread.
    package let connections: Connections
    /// How other threads reach it.
    package let mailbox: Mailbox<Handler.Message>
    /// What it has counted, for any thread.
    package let metrics = ReactorMetrics()

    private let handler: Handler
    private var listeners: [Int32] = []
    private var watched: [Int32] = []
    private let input: UnsafeMutableRawBufferPointer
    private var messages: [Handler.Message] = []
    private var due: [UInt32] = []
    private var lastTick: UInt64 = 0
    private var running = true
    /// Held back for the day when no descriptor is left: then a caller is taken and refused instead of waiting for
    /// ever.
    private var spareDescriptor: Int32

    // Tokens with the largest generation are no connections.
    private static var mailboxToken: UInt64 { UInt64.max }
    private static var listenerTokens: UInt64 { 0xFFFF_FFFF_0000_0000 }

    /// A reactor that runs on the thread that calls `run()`. Throws where the system has no descriptor left.
    package init(
        configuration: ReactorConfiguration, handler: Handler, mailbox: Mailbox<Handler.Message>
    ) throws(SystemError) {
        connections = try Connections(configuration: configuration)
        self.handler = handler
        self.mailbox = mailbox
        spareDescriptor = try EventDescriptor().descriptor
        input = .allocate(byteCount: configuration.readBytes, alignment: 64)
        try connections.epoll.add(mailbox.event.descriptor, [.readable], token: Self.mailboxToken)
    }

    deinit {
        for listener in listeners where listener >= 0 { Descriptor.close(listener) }
        Descriptor.close(spareDescriptor)
        input.deallocate()
    }

    /// Takes over a listening socket; its number comes with `opened`.
    @discardableResult
    package func addListener(_ descriptor: Int32) throws(SystemError) -> Int {
        let number = listeners.count
        try connections.epoll.add(descriptor, [.readable], token: Self.listenerTokens | UInt64(number))
        listeners.append(descriptor)
        return number
    }

    /// Takes no more connections; whoever calls is refused by the system.
    package func closeListeners() {
        for index in listeners.indices where listeners[index] >= 0 {
            Descriptor.close(listeners[index])
            listeners[index] = -1
        }
    }

    /// Runs until the mailbox is told to stop; then closes listeners and connections, and returns. Throws only where
    /// epoll itself fails.
    package func run() throws(SystemError) {
        while running { try turn() }
        closeListeners()
        connections.forEach { connections.end($0.slot, .stopped) }
        finishTurn()
    }

    private func turn() throws(SystemError) {
        let count = try connections.epoll.wait(milliseconds: waitMilliseconds())
        connections.monotonicNanoseconds = SystemClock.monotonicNanoseconds()
        let start = connections.monotonicNanoseconds
        var mail = false
        for index in 0..<count {
            let (token, events) = connections.epoll.event(at: index)
            if token == Self.mailboxToken {
                mail = true
            } else if token >= Self.listenerTokens {
                accept(Int(token & 0xFFFF_FFFF))
            } else {
                ready(ConnectionID(rawValue: token), events)
            }
        }
        redeliver()
        if mail { takeMail() }
        if connections.currentTick > lastTick { tick() }
        handler.turnEnded(connections)
        finishTurn()
        connections.counters.turns &+= 1
        connections.counters.busyNanoseconds &+= Int(SystemClock.monotonicNanoseconds() - start)
        metrics.publish(connections.counters)
    }

    private func waitMilliseconds() -> Int {
        if !connections.redelivering.isEmpty { return 0 }
        let grain = UInt64(connections.configuration.tickMilliseconds)
        let now = (SystemClock.monotonicNanoseconds() - connections.startNanoseconds) / 1_000_000
        let next = (lastTick + 1) * grain
        return next > now ? Int(next - now) : 0
    }

    private func ready(_ id: ConnectionID, _ events: Epoll.Events) {
        // Registered under an older generation, or ended earlier in this turn.
        guard let slot = connections.slots.find(id), !slot.pointee.flags.contains(.closing) else { return }
        if events.contains(.writable), connections.drain(id.slot) { handler.drained(id, connections) }
        if !events.isDisjoint(with: [.readable, .hangUp, .error]), !slot.pointee.flags.contains(.closing) {
            read(id, slot, events)
        }
    }

    private func read(_ id: ConnectionID, _ slot: UnsafeMutablePointer<Slot>, _ events: Epoll.Events) {
        if !slot.pointee.flags.isDisjoint(with: [.readingPaused, .inputEnded]) {
            // EPOLLHUP and EPOLLERR come unasked: nothing can be sent any more either. EPOLLIN may still come in the
            // turn in which reading was paused.
            if !events.isDisjoint(with: [.hangUp, .error]) { connections.end(id.slot, .peer) }
            return
        }
        let result = Descriptor.read(slot.pointee.descriptor, into: input)
        connections.counters.reads &+= 1
        switch result {
        case .bytes(let count):
            connections.counters.bytesIn &+= count
            if slot.pointee.flags.isDisjoint(with: [.lingering, .closesAfterFlush]) { deliver(id, slot, count) }
        case .end:
            slot.pointee.flags.insert(.inputEnded)
            if slot.pointee.flags.contains(.lingering) { return connections.end(id.slot, .owner) }
            connections.updateInterest(id.slot)
            if !slot.pointee.flags.contains(.closesAfterFlush) { handler.inputEnded(id, connections) }
        case .wouldBlock: break
        case .failed(let code): connections.end(id.slot, .failed(code))
        }
    }

    /// Gives the handler what was kept and what has come, and keeps what it does not consume.
    private func deliver(_ id: ConnectionID, _ slot: UnsafeMutablePointer<Slot>, _ count: Int) {
        let new = UnsafeMutableRawBufferPointer(rebasing: input[..<count])
        guard let base = new.baseAddress else { return }
        if slot.pointee.kept.isEmpty {
            let consumed = handler.received(id, new, connections)
            precondition(consumed >= 0 && consumed <= count, "consumed more than there was")
            if consumed < count, !slot.pointee.flags.contains(.closing) {
                slot.pointee.kept.append(base + consumed, count - consumed)
            }
        } else {
            slot.pointee.kept.append(base, count)
            deliverKept(id, slot)
        }
        if slot.pointee.kept.count > connections.configuration.inputBytesMax {
            connections.end(id.slot, .inputTooLarge)
        }
    }

    private func deliverKept(_ id: ConnectionID, _ slot: UnsafeMutablePointer<Slot>) {
        let bytes = slot.pointee.kept.bytes
        let consumed = handler.received(id, bytes, connections)
        precondition(consumed >= 0 && consumed <= bytes.count, "consumed more than there was")
        slot.pointee.kept.removeFirst(consumed)
    }

    /// Gives again what was kept while reading was paused.
    private func redeliver() {
        guard !connections.redelivering.isEmpty else { return }
        let slots = connections.redelivering
        connections.redelivering.removeAll(keepingCapacity: true)
        for number in slots {
            let slot = connections.slots[number]
            slot.pointee.flags.remove(.redelivers)
            guard slot.pointee.flags.contains(.inUse), !slot.pointee.kept.isEmpty,
                slot.pointee.flags.isDisjoint(with: [.readingPaused, .closing, .lingering, .closesAfterFlush])
            else { continue }
            deliverKept(ConnectionID(slot: number, generation: slot.pointee.generation), slot)
        }
    }

    private func accept(_ number: Int) {
        guard listeners.indices.contains(number), listeners[number] >= 0 else { return }
        for _ in 0..<connections.configuration.acceptsPerTurn {
            switch Socket.accept(listeners[number]) {
            case .connection(let descriptor):
                if let id = connections.adopt(descriptor) { handler.opened(id, listener: number, connections) }
            case .wouldBlock: return
            case .aborted: continue
            case .failed(let code):
                if SystemError(call: "accept4", code: code).isOutOfDescriptors { refuseOne(listeners[number]) }
                return
            }
        }
    }

    private func refuseOne(_ listener: Int32) {
        Descriptor.close(spareDescriptor)
        if case .connection(let descriptor) = Socket.accept(listener) { Descriptor.close(descriptor) }
        spareDescriptor = (try? EventDescriptor().descriptor) ?? -1
        connections.counters.refused += 1
    }

    private func takeMail() {
        if mailbox.take(into: &messages) { running = false }
        if !messages.isEmpty { handler.woken(messages, connections) }
        messages.removeAll(keepingCapacity: messages.capacity <= 4096)
    }

    private func tick() {
        lastTick = connections.currentTick
        due.removeAll(keepingCapacity: true)
        connections.wheel.advance(to: lastTick, in: connections.slots, due: &due)
        for number in due {
            let slot = connections.slots[number]
            guard slot.pointee.flags.contains(.inUse), !slot.pointee.flags.contains(.closing) else { continue }
            if slot.pointee.flags.contains(.closesAfterFlush) {
                connections.end(number, slot.pointee.flags.contains(.lingering) ? .owner : .tooSlow)
            } else {
                handler.timerFired(ConnectionID(slot: number, generation: slot.pointee.generation), connections)
            }
        }
        connections.findStalled()
        handler.ticked(connections)
    }

    /// Writes, tells of the slow and the ended, and writes what that has led to, until nothing is left.
    private func finishTurn() {
        var more = true
        while more {
            connections.flush()
            tellBlocked()
            tellClosed()
            more = !connections.dirty.isEmpty || !connections.closing.isEmpty || !connections.blocked.isEmpty
        }
    }

    private func tellBlocked() {
        guard !connections.blocked.isEmpty else { return }
        let blocked = connections.blocked
        connections.blocked.removeAll()
        for (id, why) in blocked where connections.isOpen(id) {
            handler.outputBlocked(id, why, connections)
            connections.closeAfterFlush(id)
        }
    }

    private func tellClosed() {
        guard !connections.closing.isEmpty else { return }
        let closing = connections.closing
        connections.closing.removeAll(keepingCapacity: true)
        for number in closing {
            let slot = connections.slots[number]
            let id = ConnectionID(slot: number, generation: slot.pointee.generation)
            handler.closed(id, slot.pointee.reason, connections)
            connections.release(number)
        }
    }
}
