import TestSupport
import Testing

@testable import Reactor

@Suite struct TimerWheelTests {
    /// Against a plain list of deadlines.
    @Test(arguments: 0..<20 as Range<UInt64>) func goesOffAtItsTime(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var slots = SlotTable(capacity: 64)
        let taken = (0..<64).compactMap { _ in slots.take() }
        var wheel = TimerWheel(now: 0)
        var expected: [UInt32: UInt64] = [:]
        var tick: UInt64 = 0
        for _ in 0..<2000 {
            let slot = taken[Int.random(in: 0..<64, using: &random)]
            switch Int.random(in: 0..<4, using: &random) {
            case 0:
                wheel.clear(slot, in: slots)
                expected[slot] = nil
            case 1, 2:
                let due = tick + UInt64.random(in: 0..<2000, using: &random)
                wheel.set(slot, at: due, in: slots)
                expected[slot] = max(due, tick + 1)
            default:
                tick += UInt64.random(in: 0..<(Bool.random(using: &random) ? 5 : 700), using: &random)
                var due: [UInt32] = []
                wheel.advance(to: tick, in: slots, due: &due)
                let wanted = expected.filter { $0.value <= tick }.keys.sorted()
                #expect(due.sorted() == wanted, "seed \(seed)")
                for slot in due { expected[slot] = nil }
            }
        }
    }
}

@Suite struct SlotTableTests {
    @Test func anOldIDReachesNobody() {
        var slots = SlotTable(capacity: 300)
        let first = take(&slots)
        let id = ConnectionID(slot: first, generation: slots[first].pointee.generation)
        expect(slots.find(id), true)
        slots.release(first)
        expect(slots.find(id), false)
        #expect(take(&slots) == first)
        expect(slots.find(id), false)
        for _ in 0..<299 { #expect(take(&slots) != Slot.none) }
        #expect(take(&slots) == Slot.none)
        let inUse = slots.inUse
        #expect(inUse == 300)
        expect(slots.find(ConnectionID(rawValue: .max)), false)
    }

    // The macros take no value that cannot be copied.
    private func take(_ slots: inout SlotTable) -> UInt32 { slots.take() ?? Slot.none }
    private func expect(_ found: UnsafeMutablePointer<Slot>?, _ wanted: Bool) { #expect((found != nil) == wanted) }

    @Test func aSlotIsSmall() { #expect(MemoryLayout<Slot>.stride <= 192) }
}

@Suite struct HeapBytesTests {
    @Test func isAQueue() {
        var random = SeededRandom(seed: 3)
        var queue = HeapBytes()
        defer { queue.free() }
        var model: [UInt8] = []
        for _ in 0..<5000 {
            if Bool.random(using: &random) {
                let piece = (0..<Int.random(in: 0..<200, using: &random)).map { _ in
                    UInt8.random(in: 0...255, using: &random)
                }
                piece.withUnsafeBytes { if let base = $0.baseAddress { queue.append(base, $0.count) } }
                model += piece
            } else {
                let count = Int.random(in: 0...model.count, using: &random)
                queue.removeFirst(count)
                model.removeFirst(count)
            }
            #expect(queue.bytes.elementsEqual(model))
        }
    }
}

@Suite struct TurnArenaTests {
    @Test func piecesStayAndLieSideBySide() {
        var arena = TurnArena()
        for turn in 0..<3 {
            var places: [(UnsafeRawPointer, UInt8, Int)] = []
            for number in 0..<100 {
                let count = number % 10 == 9 ? 300_000 : 1000
                let bytes = [UInt8](repeating: UInt8(number), count: count)
                places.append((bytes.withUnsafeBytes { arena.copy($0) }, UInt8(number), count))
            }
            #expect(places[0].0 + 1000 == places[1].0, "turn \(turn)")
            for (place, value, count) in places {
                #expect(UnsafeRawBufferPointer(start: place, count: count).allSatisfy { $0 == value })
            }
            arena.reset()
        }
    }
}
