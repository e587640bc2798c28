import CLinux
import Glibc

/// A thread of the system.
package struct NativeThread: Sendable {
    private let handle: UInt

    /// Starts `body` on a new thread with all signals blocked; `name` (at most 15 bytes count) shows in `top -H`.
    /// The owner calls `join()` or `detach()` once.
    package static func start(
        name: String, stackBytes: Int = 1 << 20, _ body: @escaping @Sendable () -> Void
    ) throws(SystemError) -> NativeThread {
        let box = Unmanaged.passRetained(Start(name: name, body: body))
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setstacksize(&attributes, stackBytes)
        // Signals belong to the main thread's descriptor; the mask is inherited, so it is set around the start.
        var all = sigset_t()
        var before = sigset_t()
        sigfillset(&all)
        pthread_sigmask(SIG_SETMASK, &all, &before)
        var thread = pthread_t()
        let status = pthread_create(
            &thread, &attributes,
            { argument in
                guard let argument else { return nil }
                let start = Unmanaged<Start>.fromOpaque(argument).takeRetainedValue()
                _ = clinux_set_thread_name(String(decoding: start.name.utf8.prefix(15), as: UTF8.self))
                start.body()
                return nil
            }, box.toOpaque())
        pthread_sigmask(SIG_SETMASK, &before, nil)
        if status != 0 {
            box.release()
            throw SystemError(call: "pthread_create", code: status)
        }
        return NativeThread(handle: UInt(thread))
    }

    /// Sends a signal to the calling thread alone; whether it went.
    package static func signalItself(_ signal: Signal) -> Bool { pthread_kill(pthread_self(), signal.number) == 0 }

    /// Waits until it has ended.
    package func join() { _ = pthread_join(pthread_t(handle), nil) }

    /// Lets it end by itself.
    package func detach() { _ = pthread_detach(pthread_t(handle)) }

    private final class Start {
        let name: String
        let body: @Sendable () -> Void

        init(name: String, body: @escaping @Sendable () -> Void) {
            self.name = name
            self.body = body
        }
    }
}
