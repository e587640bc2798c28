import Crypto
import Linux
import Synchronization

/// Derives keys from passwords off the reactors: PBKDF2 takes milliseconds by design.
final class PasswordWorkers: Sendable {
    /// One derivation.
    struct Job: Sendable {
        let password: [UInt8]
        let salt: [UInt8]
        let iterations: Int
        /// Called on the worker with the 32 octets.
        let done: @Sendable ([UInt8]) -> Void
    }

    private let state = Mutex(State())
    private let wake: EventDescriptor

    private struct State: Sendable {
        var jobs: [Job] = []
        var isRunning = true
        var thread: NativeThread?
    }

    /// Jobs that may wait; more are dropped, and their log-in runs into its deadline.
    private static let jobsMax = 1000

    /// Starts one worker. Throws where the system has no thread left.
    init() throws(SystemError) {
        wake = try EventDescriptor()
        let thread = try NativeThread.start(name: "passwords") { [self] in run() }
        state.withLock { $0.thread = thread }
    }

    /// Puts a job at the end of the queue.
    func add(_ job: Job) {
        state.withLock { if $0.jobs.count < Self.jobsMax { $0.jobs.append(job) } }
        wake.signal()
    }

    /// Ends the worker; jobs that wait are dropped.
    func close() {
        let thread = state.withLock { state in
            state.isRunning = false
            state.jobs = []
            return state.thread.take()
        }
        wake.signal()
        thread?.join()
        wake.close()
    }

    private func run() {
        while state.withLock({ $0.isRunning }) {
            guard let job = state.withLock({ $0.jobs.isEmpty ? nil : $0.jobs.removeFirst() }) else {
                _ = try? Descriptor.waitReadable(wake.descriptor, milliseconds: 1000)
                wake.clear()
                continue
            }
            job.done(
                PBKDF2SHA256.derive(password: job.password, salt: job.salt, iterations: job.iterations))
        }
    }
}
