import Linux

extension Connections {
    /// Sends bytes to one connection at the turn's end; they are copied. Nothing happens where it is gone.
    package func send(_ id: ConnectionID, _ bytes: UnsafeRawBufferPointer) {
        guard !bytes.isEmpty, let slot = slots.find(id), takesOutput(slot) else { return }
        append(id.slot, slot, privateArena.copy(bytes), bytes.count)
    }

    /// Sends bytes to one connection at the turn's end.
    package func send(_ id: ConnectionID, _ bytes: [UInt8]) {
        bytes.withUnsafeBytes { send(id, $0) }
    }

    /// Copies bytes for many connections, once. What it returns is good until this turn ends.
    package func stage(_ bytes: UnsafeRawBufferPointer) -> TurnSlice {
        TurnSlice(base: sharedArena.copy(bytes), turn: turn, count: bytes.count)
    }

    /// Sends staged bytes to one connection at the turn's end, without copying them.
    package func send(_ id: ConnectionID, staged slice: TurnSlice) {
        precondition(slice.turn == turn, "staged in another turn")
        guard slice.count > 0, let slot = slots.find(id), takesOutput(slot) else { return }
        append(id.slot, slot, slice.base, slice.count)
    }

    /// Sends staged bytes to every one of `receivers` at the turn's end, without copying them; those that are gone are
    /// passed over.
    package func fanOut(_ slice: TurnSlice, to receivers: UnsafeBufferPointer<ConnectionID>) {
        precondition(slice.turn == turn, "staged in another turn")
        guard slice.count > 0 else { return }
        for id in receivers {
            guard let slot = slots.find(id), takesOutput(slot) else { continue }
            append(id.slot, slot, slice.base, slice.count)
        }
    }

    /// Bytes handed over in this turn; an owner that stages very much calls `flush()` in between.
    package var turnBytes: Int { privateArena.used + sharedArena.used }

    @inline(__always)
    private func takesOutput(_ slot: UnsafeMutablePointer<Slot>) -> Bool {
        slot.pointee.flags.isDisjoint(with: [.closing, .closesAfterFlush, .lingering])
    }

    @inline(__always)
    private func append(
        _ number: UInt32, _ slot: UnsafeMutablePointer<Slot>, _ base: UnsafeRawPointer, _ count: Int
    ) {
        counters.sends &+= 1
        let last = slot.pointee.lastSegment
        if last != Slot.none {
            let segment = segments[last]
            // Messages staged one after the other for the same group are one piece.
            if segment.pointee.base + segment.pointee.count == base {
                segment.pointee.count += count
                return
            }
            let added = segments.add(base, count)
            // Not through `segment`: adding may have moved them.
            segments[last].pointee.next = added
            slot.pointee.lastSegment = added
            return
        }
        let added = segments.add(base, count)
        slot.pointee.firstSegment = added
        slot.pointee.lastSegment = added
        if !slot.pointee.flags.contains(.dirty) {
            slot.pointee.flags.insert(.dirty)
            dirty.append(number)
        }
    }

    /// Writes everything handed over so far; staged slices are good no more. The reactor calls it at the turn's end.
    package func flush() {
        for index in dirty.indices { flush(dirty[index]) }
        dirty.removeAll(keepingCapacity: true)
        segments.reset()
        privateArena.reset()
        sharedArena.reset()
        turn += 1
    }

    private func flush(_ number: UInt32) {
        let slot = slots[number]
        let first = slot.pointee.firstSegment
        slot.pointee.firstSegment = Slot.none
        slot.pointee.lastSegment = Slot.none
        slot.pointee.flags.remove(.dirty)
        guard !slot.pointee.flags.contains(.closing) else { return }
        if slot.pointee.flags.contains(.backlogged) {
            // It had its turns to drain and did not: this is what being too slow means.
            queue(slot, first, offset: 0)
            if slot.pointee.output.count > configuration.outputBytesMax { block(number, .tooMuch) }
            return
        }
        if first != Slot.none { write(number, slot, first) }
        finishIfFlushed(number)
    }

    private func write(_ number: UInt32, _ slot: UnsafeMutablePointer<Slot>, _ first: UInt32) {
        var segment = first
        var offset = 0
        while segment != Slot.none {
            let (result, wanted) = write(slot.pointee.descriptor, segment)
            counters.writes &+= 1
            switch result {
            case .bytes(let sent):
                counters.bytesOut &+= sent
                offset = sent
                while segment != Slot.none, offset >= segments[segment].pointee.count {
                    offset -= segments[segment].pointee.count
                    segment = segments[segment].pointee.next
                }
                if sent < wanted { return wait(number, slot, segment, offset: offset) }
            case .wouldBlock, .end: return wait(number, slot, segment, offset: 0)
            case .failed(let code): return end(number, .failed(code))
            }
        }
    }

    /// Writes as many pieces as one call takes; returns what came of it and how many bytes there were.
    private func write(_ descriptor: Int32, _ first: UInt32) -> (TransferResult, Int) {
        let segment = segments[first].pointee
        if segment.next == Slot.none {
            return (Socket.send(descriptor, .init(start: segment.base, count: segment.count)), segment.count)
        }
        return withUnsafeTemporaryAllocation(of: UnsafeRawBufferPointer.self, capacity: 64) { pieces in
            var count = 0
            var bytes = 0
            var next = first
            while next != Slot.none, count < pieces.count {
                let segment = segments[next].pointee
                (pieces.baseAddress.unsafelyUnwrapped + count).initialize(
                    to: .init(start: segment.base, count: segment.count))
                count += 1
                bytes += segment.count
                next = segment.next
            }
            return (Socket.send(descriptor, .init(rebasing: pieces[..<count])), bytes)
        }
    }

    /// Keeps the rest and has the kernel tell when there is room.
    private func wait(_ number: UInt32, _ slot: UnsafeMutablePointer<Slot>, _ segment: UInt32, offset: Int) {
        counters.shortWrites &+= 1
        queue(slot, segment, offset: offset)
        slot.pointee.flags.insert(.backlogged)
        slot.pointee.progressTick = currentTick
        slot.pointee.backlogIndex = UInt32(backlogged.count)
        backlogged.append(number)
        updateInterest(number)
    }

    private func queue(_ slot: UnsafeMutablePointer<Slot>, _ first: UInt32, offset: Int) {
        var segment = first
        var offset = offset
        while segment != Slot.none {
            let piece = segments[segment].pointee
            slot.pointee.output.append(piece.base + offset, piece.count - offset)
            counters.queuedBytes += piece.count - offset
            offset = 0
            segment = piece.next
        }
    }

    /// There is room again. Returns whether everything has gone out.
    func drain(_ number: UInt32) -> Bool {
        let slot = slots[number]
        guard slot.pointee.flags.contains(.backlogged), !slot.pointee.flags.contains(.closing) else { return false }
        counters.writes &+= 1
        switch Socket.send(slot.pointee.descriptor, UnsafeRawBufferPointer(slot.pointee.output.bytes)) {
        case .bytes(let sent):
            counters.bytesOut &+= sent
            counters.queuedBytes -= sent
            slot.pointee.output.removeFirst(sent)
            slot.pointee.progressTick = currentTick
        case .wouldBlock, .end: return false
        case .failed(let code):
            end(number, .failed(code))
            return false
        }
        guard slot.pointee.output.isEmpty else { return false }
        removeFromBacklog(slot)
        updateInterest(number)
        finishIfFlushed(number)
        return slot.pointee.flags.isDisjoint(with: [.closing, .closesAfterFlush])
    }

    func removeFromBacklog(_ slot: UnsafeMutablePointer<Slot>) {
        guard slot.pointee.flags.contains(.backlogged) else { return }
        slot.pointee.flags.remove(.backlogged)
        let last = backlogged.removeLast()
        let index = Int(slot.pointee.backlogIndex)
        if index < backlogged.count {
            backlogged[index] = last
            slots[last].pointee.backlogIndex = UInt32(index)
        }
    }

    /// Finds connections whose output has not moved for too long.
    func findStalled() {
        let limit = UInt64(configuration.stalledMilliseconds / configuration.tickMilliseconds)
        let now = currentTick
        for index in backlogged.indices where now > slots[backlogged[index]].pointee.progressTick + limit {
            block(backlogged[index], .stalled)
        }
    }

    private func block(_ number: UInt32, _ why: BlockedOutput) {
        let slot = slots[number]
        guard slot.pointee.flags.isDisjoint(with: [.blocked, .closing, .lingering]) else { return }
        slot.pointee.flags.insert(.blocked)
        counters.tooSlow += 1
        blocked.append((ConnectionID(slot: number, generation: slot.pointee.generation), why))
    }
}
