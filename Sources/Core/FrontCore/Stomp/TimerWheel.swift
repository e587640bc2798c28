/// Wakes connections at about the right time, at a cost for those that are due alone: a ring of slots, each a list of
/// who is to be looked at then. Activity does not move an entry; whoever is woken too early is put in again.
struct TimerWheel {
    /// How much time one slot holds.
    static let slotMilliseconds: Int64 = 64
    /// Slots in the ring; times further away than their span are brought forward to its end.
    static let slotsCount: Int64 = 2048

    private var slots = [[UInt64]](repeating: [], count: Int(slotsCount))
    private var position: Int64

    /// A wheel that stands at `now`.
    init(nowMilliseconds: Int64) { position = nowMilliseconds / Self.slotMilliseconds }

    /// Puts `raw` in, to come out at `milliseconds`, up to one slot early; returns the slot.
    mutating func add(_ raw: UInt64, at milliseconds: Int64) -> Int64 {
        let wanted = milliseconds / Self.slotMilliseconds
        let slot = min(max(wanted, position + 1), position + Self.slotsCount - 1)
        slots[Self.index(slot)].append(raw)
        return slot
    }

    /// Takes out all that is due by `now`. An entry that was put in again since comes out too; `isDue` tells.
    mutating func takeDue(nowMilliseconds: Int64) -> [UInt64] {
        let target = nowMilliseconds / Self.slotMilliseconds
        guard target > position else { return [] }
        var due: [UInt64] = []
        for slot in (position + 1)...min(target, position + Self.slotsCount) {
            let index = Self.index(slot)
            guard !slots[index].isEmpty else { continue }
            if due.isEmpty { swap(&due, &slots[index]) } else { due += slots[index] }
            slots[index].removeAll()
        }
        position = target
        return due
    }

    /// Whether an entry of `slot` had to come out by the last `takeDue`.
    func isDue(slot: Int64) -> Bool { slot <= position }

    private static func index(_ slot: Int64) -> Int { Int(slot & (slotsCount - 1)) }
}
