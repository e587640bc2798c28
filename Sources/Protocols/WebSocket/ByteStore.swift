/// Bytes of an incomplete message. Raw memory, not an array: events point into it while the parser stands still.
struct ByteStore: ~Copyable {
    private var base: UnsafeMutableRawPointer?
    private var capacity = 0
    private(set) var count = 0

    init() { base = nil }

    deinit { base?.deallocate() }

    var isEmpty: Bool { count == 0 }

    /// Valid until the next change.
    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base, count: count) }

    mutating func append(_ source: UnsafeRawBufferPointer) {
        guard let start = source.baseAddress, !source.isEmpty else { return }
        reserve(source.count).copyMemory(from: start, byteCount: source.count)
        count += source.count
    }

    /// Room for `extra` bytes behind the last one; `commit` makes them count. Grows by doubling, so memory follows what
    /// arrived, never what a header announced.
    mutating func reserve(_ extra: Int) -> UnsafeMutableRawPointer {
        let needed = count + extra
        if let base, needed <= capacity { return base + count }
        let larger = max(needed, capacity * 2, 256)
        let fresh = UnsafeMutableRawPointer.allocate(byteCount: larger, alignment: 8)
        if let base {
            fresh.copyMemory(from: base, byteCount: count)
            base.deallocate()
        }
        base = fresh
        capacity = larger
        return fresh + count
    }

    mutating func commit(_ extra: Int) {
        precondition(extra >= 0 && count + extra <= capacity)
        count += extra
    }

    /// Gives the memory back.
    mutating func release() {
        base?.deallocate()
        base = nil
        capacity = 0
        count = 0
    }
}
