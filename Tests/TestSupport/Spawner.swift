import Foundation
import Synchronization

/// Starts child processes on one thread that never ends.
///
/// The kernel counts the thread that started a child as its parent: with a death signal set (prctl(2),
/// PR_SET_PDEATHSIG) a child of a pool's thread would end when the pool lets that thread go.
enum Spawner {
    private static let jobs = JobQueue()

    /// Runs `job` on that thread and returns what it returned.
    static func run<Result: Sendable>(_ job: @escaping @Sendable () -> Result) -> Result {
        let done = DispatchSemaphore(value: 0)
        let slot = Slot<Result>()
        jobs.add {
            slot.value.withLock { $0 = job() }
            done.signal()
        }
        done.wait()
        guard let result = slot.value.withLock({ $0 }) else { preconditionFailure("the job has not run") }
        return result
    }

    private final class Slot<Value: Sendable>: Sendable {
        let value = Mutex<Value?>(nil)
    }

    private final class JobQueue: Sendable {
        private let waiting = Mutex<[@Sendable () -> Void]>([])
        private let ready = DispatchSemaphore(value: 0)

        init() {
            Thread.detachNewThread { [self] in
                var running = true
                while running {
                    ready.wait()
                    let job = waiting.withLock { $0.isEmpty ? nil : $0.removeFirst() }
                    running = job != nil
                    job?()
                }
            }
        }

        func add(_ job: @escaping @Sendable () -> Void) {
            waiting.withLock { $0.append(job) }
            ready.signal()
        }
    }
}
