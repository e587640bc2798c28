import Chat

/// A request that waits for its answer.
struct PendingRequest {
    /// The answer must carry this id, where the request had one.
    let messageID: MessageID?
    /// When it was asked, in monotonic milliseconds.
    let askedMilliseconds: Int64
    /// What to do then.
    let waiter: Waiter
}

/// What to do when an answer comes.
enum Waiter {
    /// The hot path: a SEND of a STOMP connection.
    case send(SendWaiter)
    /// Everything else.
    case call(Completion)
}

/// A SEND on its way.
struct SendWaiter {
    /// Who sent it.
    let connection: ConnectionID
    /// The number of the SEND on its connection.
    let number: UInt64
}

/// Deadlines of pending requests; those of one duration run out in the order they came in, so a queue for each duration
/// does it without a heap.
struct DeadlineQueue {
    private var queues: [Int64: Queue] = [:]

    private struct Queue {
        var entries: [(counter: UInt64, at: Int64)] = []
        var start = 0
    }

    /// Notes that `counter` has `milliseconds` from `now` on.
    mutating func add(_ counter: UInt64, milliseconds: Int64, now: Int64) {
        queues[milliseconds, default: Queue()].entries.append((counter, now + milliseconds))
    }

    /// Takes out those that have run out by `now`; `isPending` tells which still matter.
    mutating func takeExpired(now: Int64, isPending: (UInt64) -> Bool) -> [UInt64] {
        var expired: [UInt64] = []
        for key in queues.keys.sorted() {
            guard var queue = queues.removeValue(forKey: key) else { continue }
            while queue.start < queue.entries.count {
                let entry = queue.entries[queue.start]
                let pending = isPending(entry.counter)
                if pending, entry.at > now { break }
                if pending { expired.append(entry.counter) }
                queue.start += 1
            }
            if queue.start > 1024, queue.start * 2 > queue.entries.count {
                queue.entries.removeFirst(queue.start)
                queue.start = 0
            }
            if queue.start < queue.entries.count { queues[key] = queue }
        }
        return expired
    }
}
