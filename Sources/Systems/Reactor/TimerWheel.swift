/// A hashed wheel of one timer a slot, linked through the slots themselves: setting one costs no memory, and putting it
/// off, which every heart-beat does, moves nothing; the wheel finds the new time when it comes to the old one.
struct TimerWheel: ~Copyable {
    private static let spokes = 512

    private let heads: UnsafeMutablePointer<UInt32>
    /// The last tick that was dealt with.
    private(set) var now: UInt64

    init(now: UInt64) {
        self.now = now
        heads = .allocate(capacity: TimerWheel.spokes)
        heads.initialize(repeating: Slot.none, count: TimerWheel.spokes)
    }

    deinit { heads.deallocate() }

    /// Sets the timer of `slot` to go off at `tick`, or at once where that has passed.
    func set(_ slot: UInt32, at tick: UInt64, in slots: borrowing SlotTable) {
        let tick = max(tick, now + 1)
        let entry = slots[slot]
        entry.pointee.timerTick = tick
        if entry.pointee.wheelTick != 0 {
            if entry.pointee.wheelTick <= tick { return }
            unlink(slot, in: slots)
        }
        link(slot, at: tick, in: slots)
    }

    /// Takes the timer of `slot` away.
    func clear(_ slot: UInt32, in slots: borrowing SlotTable) {
        let entry = slots[slot]
        entry.pointee.timerTick = 0
        if entry.pointee.wheelTick != 0 { unlink(slot, in: slots) }
    }

    /// Moves on to `tick` and appends the slots whose timers went off.
    mutating func advance(to tick: UInt64, in slots: borrowing SlotTable, due: inout [UInt32]) {
        guard tick > now else { return }
        let first = now + 1
        now = tick
        // After a long pause every spoke is looked at once.
        let last = min(tick, first + UInt64(TimerWheel.spokes) - 1)
        for passing in first...last { advance(spoke: Int(passing % UInt64(TimerWheel.spokes)), in: slots, due: &due) }
    }

    private func advance(spoke: Int, in slots: borrowing SlotTable, due: inout [UInt32]) {
        var slot = heads[spoke]
        while slot != Slot.none {
            let entry = slots[slot]
            let following = entry.pointee.nextTimer
            if entry.pointee.wheelTick <= now {
                unlink(slot, in: slots)
                if entry.pointee.timerTick <= now {
                    entry.pointee.timerTick = 0
                    due.append(slot)
                } else {
                    link(slot, at: entry.pointee.timerTick, in: slots)
                }
            }
            slot = following
        }
    }

    private func link(_ slot: UInt32, at tick: UInt64, in slots: borrowing SlotTable) {
        let spoke = Int(tick % UInt64(TimerWheel.spokes))
        let entry = slots[slot]
        entry.pointee.wheelTick = tick
        entry.pointee.previousTimer = Slot.none
        entry.pointee.nextTimer = heads[spoke]
        if heads[spoke] != Slot.none { slots[heads[spoke]].pointee.previousTimer = slot }
        heads[spoke] = slot
    }

    private func unlink(_ slot: UInt32, in slots: borrowing SlotTable) {
        let entry = slots[slot]
        let spoke = Int(entry.pointee.wheelTick % UInt64(TimerWheel.spokes))
        if entry.pointee.previousTimer == Slot.none {
            heads[spoke] = entry.pointee.nextTimer
        } else {
            slots[entry.pointee.previousTimer].pointee.nextTimer = entry.pointee.nextTimer
        }
        if entry.pointee.nextTimer != Slot.none {
            slots[entry.pointee.nextTimer].pointee.previousTimer = entry.pointee.previousTimer
        }
        entry.pointee.wheelTick = 0
        entry.pointee.nextTimer = Slot.none
        entry.pointee.previousTimer = Slot.none
    }
}
