import Glibc

/// Memory for the bytes of one turn: handed out by moving a mark, taken back all at once. What it handed out stays
/// where it is, and pieces asked for one after the other lie side by side as long as a chunk has room.
struct TurnArena: ~Copyable {
    private static let chunkBytes = 256 * 1024
    /// What is kept for the next turn; a burst's memory goes back to the system.
    private static let keptChunksMax = 16

    private var chunks: [(base: UnsafeMutableRawPointer, capacity: Int)] = []
    private var current = 0
    private var mark: UnsafeMutableRawPointer
    private var room: Int
    /// Bytes handed out in this turn.
    private(set) var used = 0

    init() {
        mark = .allocate(byteCount: TurnArena.chunkBytes, alignment: 64)
        room = TurnArena.chunkBytes
        chunks.append((mark, room))
    }

    deinit {
        for chunk in chunks { chunk.base.deallocate() }
    }

    /// Copies `bytes` in.
    mutating func copy(_ bytes: UnsafeRawBufferPointer) -> UnsafeRawPointer {
        if bytes.count > room { advance(bytes.count) }
        let place = mark
        if let source = bytes.baseAddress { memcpy(place, source, bytes.count) }
        mark += bytes.count
        room -= bytes.count
        used += bytes.count
        return UnsafeRawPointer(place)
    }

    /// Takes everything back.
    mutating func reset() {
        guard used > 0 else { return }
        while chunks.count > TurnArena.keptChunksMax { chunks.removeLast().base.deallocate() }
        chunks.removeAll { chunk in
            guard chunk.capacity > TurnArena.chunkBytes else { return false }
            chunk.base.deallocate()
            return true
        }
        if chunks.isEmpty {
            chunks.append((.allocate(byteCount: TurnArena.chunkBytes, alignment: 64), TurnArena.chunkBytes))
        }
        current = 0
        mark = chunks[0].base
        room = chunks[0].capacity
        used = 0
    }

    private mutating func advance(_ count: Int) {
        current += 1
        while current < chunks.count, chunks[current].capacity < count { current += 1 }
        if current >= chunks.count {
            let capacity = max(TurnArena.chunkBytes, count)
            chunks.append((.allocate(byteCount: capacity, alignment: 64), capacity))
            current = chunks.count - 1
        }
        mark = chunks[current].base
        room = chunks[current].capacity
    }
}
