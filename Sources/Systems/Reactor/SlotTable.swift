/// What is known of one connection. Plain, so that a thousand of them are written to without a reference count.
struct Slot {
    static let none = UInt32.max

    struct Flags: OptionSet {
        let rawValue: UInt16
        static let readingPaused = Flags(rawValue: 1 << 0)
        /// The other side will send no more; it is not asked again.
        static let inputEnded = Flags(rawValue: 1 << 1)
        /// EPOLLOUT is armed because output waits.
        static let backlogged = Flags(rawValue: 1 << 2)
        static let dirty = Flags(rawValue: 1 << 3)
        /// No more is taken; it closes once its output is out.
        static let closesAfterFlush = Flags(rawValue: 1 << 4)
        /// All is sent and the other side told; what still comes in is thrown away.
        static let lingering = Flags(rawValue: 1 << 5)
        /// In the list of those that end with this turn.
        static let closing = Flags(rawValue: 1 << 6)
        /// The owner has been told that it is too slow.
        static let blocked = Flags(rawValue: 1 << 7)
        /// In the list of those whose kept bytes are given again.
        static let redelivers = Flags(rawValue: 1 << 8)
        static let inUse = Flags(rawValue: 1 << 9)
    }

    var descriptor: Int32 = -1
    var generation: UInt32 = 0
    var flags: Flags = []
    var reason = CloseReason.owner
    /// Segments of this turn, in the pool.
    var firstSegment = Slot.none
    var lastSegment = Slot.none
    /// Input kept while a frame is incomplete.
    var kept = HeapBytes()
    /// Output that did not go out at once.
    var output = HeapBytes()
    /// When output last moved, for finding the stalled, in ticks.
    var progressTick: UInt64 = 0
    /// Its place in the list of those whose output waits.
    var backlogIndex: UInt32 = 0
    /// The timer: when it is due (0: never), and its place in the wheel.
    var timerTick: UInt64 = 0
    var wheelTick: UInt64 = 0
    var nextTimer = Slot.none
    var previousTimer = Slot.none
    /// The owner's own number, an index into what it keeps.
    var context: UInt64 = 0
    /// The next free slot.
    var nextFree = Slot.none
}

/// The slots of a reactor. They never move.
struct SlotTable: ~Copyable {
    private static let pageBits: UInt32 = 8
    private static let pageSlots = 1 << Int(pageBits)

    /// One entry for each page there can be.
    private let pages: UnsafeMutablePointer<UnsafeMutablePointer<Slot>?>
    private let pagesMax: Int
    private var pageCount = 0
    private var firstFree = Slot.none
    let capacity: Int
    private(set) var inUse = 0

    init(capacity: Int) {
        precondition(capacity > 0 && capacity < Int(Slot.none) - SlotTable.pageSlots)
        self.capacity = capacity
        pagesMax = (capacity + SlotTable.pageSlots - 1) / SlotTable.pageSlots
        pages = .allocate(capacity: pagesMax)
        pages.initialize(repeating: nil, count: pagesMax)
    }

    deinit {
        for page in 0..<pageCount { pages[page]?.deallocate() }
        pages.deallocate()
    }

    /// The number of slots there are, used or not.
    var count: Int { pageCount * SlotTable.pageSlots }

    /// A slot by number; the number must have come from here.
    @inline(__always)
    subscript(slot: UInt32) -> UnsafeMutablePointer<Slot> {
        let page = pages[Int(slot >> SlotTable.pageBits)]
        return page.unsafelyUnwrapped + Int(slot & (1 << SlotTable.pageBits - 1))
    }

    /// The slot of an id, or nil where that connection is no more.
    @inline(__always)
    func find(_ id: ConnectionID) -> UnsafeMutablePointer<Slot>? {
        let slot = id.slot
        guard Int(slot) < count else { return nil }
        let found = self[slot]
        return found.pointee.generation == id.generation && found.pointee.flags.contains(.inUse) ? found : nil
    }

    /// Takes a free slot; nil where all are in use.
    mutating func take() -> UInt32? {
        guard inUse < capacity else { return nil }
        if firstFree == Slot.none { addPage() }
        let slot = firstFree
        let pointer = self[slot]
        firstFree = pointer.pointee.nextFree
        let generation = pointer.pointee.generation
        pointer.pointee = Slot()
        pointer.pointee.generation = generation
        pointer.pointee.flags = .inUse
        inUse += 1
        return slot
    }

    /// Gives a slot back; ids of it reach nobody from now on.
    mutating func release(_ slot: UInt32) {
        let pointer = self[slot]
        pointer.pointee.kept.free()
        pointer.pointee.output.free()
        pointer.pointee.flags = []
        pointer.pointee.descriptor = -1
        pointer.pointee.generation &+= 1
        pointer.pointee.nextFree = firstFree
        firstFree = slot
        inUse -= 1
    }

    private mutating func addPage() {
        precondition(pageCount < pagesMax)
        let page = UnsafeMutablePointer<Slot>.allocate(capacity: SlotTable.pageSlots)
        page.initialize(repeating: Slot(), count: SlotTable.pageSlots)
        let first = UInt32(pageCount * SlotTable.pageSlots)
        for index in 0..<SlotTable.pageSlots {
            page[index].nextFree = index + 1 < SlotTable.pageSlots ? first + UInt32(index) + 1 : firstFree
        }
        firstFree = first
        pages[pageCount] = page
        pageCount += 1
    }
}
