/// Pieces of output of one turn, linked in the order in which they go out.
struct Segment {
    var base: UnsafeRawPointer
    var count: Int
    var next: UInt32
}

/// The segments of one turn, taken back all at once.
struct SegmentPool: ~Copyable {
    private var segments: UnsafeMutablePointer<Segment>
    private var capacity: Int
    private(set) var count = 0

    init() {
        capacity = 4096
        segments = .allocate(capacity: capacity)
    }

    deinit { segments.deallocate() }

    @inline(__always)
    subscript(index: UInt32) -> UnsafeMutablePointer<Segment> { segments + Int(index) }

    @inline(__always)
    mutating func add(_ base: UnsafeRawPointer, _ bytes: Int) -> UInt32 {
        if count == capacity { grow() }
        (segments + count).initialize(to: Segment(base: base, count: bytes, next: Slot.none))
        count += 1
        return UInt32(truncatingIfNeeded: count - 1)
    }

    mutating func reset() { count = 0 }

    private mutating func grow() {
        precondition(capacity < 1 << 30)
        let larger = UnsafeMutablePointer<Segment>.allocate(capacity: capacity * 2)
        larger.moveInitialize(from: segments, count: count)
        segments.deallocate()
        segments = larger
        capacity *= 2
    }
}
