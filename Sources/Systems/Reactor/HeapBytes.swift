import Glibc

/// A queue of bytes in memory of its own, given back as soon as it is empty; whoever holds it calls `free()`.
struct HeapBytes {
    private var base: UnsafeMutableRawPointer?
    private var start: UInt32 = 0
    private var end: UInt32 = 0
    private var capacity: UInt32 = 0

    /// Limits are checked by the callers, far under this.
    static let bytesMax = 1 << 30

    var count: Int { Int(end - start) }
    var isEmpty: Bool { start == end }

    var bytes: UnsafeMutableRawBufferPointer {
        UnsafeMutableRawBufferPointer(start: base.map { $0 + Int(start) }, count: count)
    }

    mutating func append(_ source: UnsafeRawPointer, _ added: Int) {
        guard added > 0 else { return }
        precondition(count + added <= HeapBytes.bytesMax)
        if Int(end) + added > Int(capacity) { makeRoom(added) }
        if let base { memcpy(base + Int(end), source, added) }
        end += UInt32(added)
    }

    mutating func removeFirst(_ removed: Int) {
        precondition(removed <= count)
        start += UInt32(removed)
        if start == end { free() }
    }

    mutating func free() {
        Glibc.free(base)
        self = HeapBytes()
    }

    private mutating func makeRoom(_ added: Int) {
        let used = count
        if start > 0, let base {
            memmove(base, base + Int(start), used)
            start = 0
            end = UInt32(used)
        }
        guard used + added > Int(capacity) else { return }
        // A first piece is kept tight: most are the start of one small frame.
        let wanted = max(used + added, capacity == 0 ? 64 : Int(capacity) + Int(capacity) / 2)
        let grown = realloc(base, wanted)
        precondition(grown != nil, "out of memory")
        base = grown
        capacity = UInt32(wanted)
    }
}
