import Synchronization

/// What a reactor has counted so far.
package struct ReactorCounters: Sendable, Equatable {
    /// Connections taken.
    package var accepted = 0
    /// Connections closed at once because there were too many.
    package var refused = 0
    /// Connections now.
    package var open = 0
    /// Bytes read.
    package var bytesIn = 0
    /// Bytes written.
    package var bytesOut = 0
    /// System calls that read.
    package var reads = 0
    /// System calls that wrote.
    package var writes = 0
    /// Writes after which a rest had to wait.
    package var shortWrites = 0
    /// Pieces handed over for sending; a piece for a thousand receivers counts a thousand.
    package var sends = 0
    /// Connections closed because they did not drain.
    package var tooSlow = 0
    /// Turns of the loop.
    package var turns = 0
    /// How long the turns took without the waiting.
    package var busyNanoseconds = 0
    /// Bytes waiting in all output queues now.
    package var queuedBytes = 0
}

/// The counters as other threads may read them; brought up to date at the end of each turn.
package final class ReactorMetrics: Sendable {
    private let published = Mutex(ReactorCounters())

    /// The counters as of the last turn.
    package var counters: ReactorCounters { published.withLock { $0 } }

    func publish(_ counters: ReactorCounters) { published.withLock { $0 = counters } }
}
