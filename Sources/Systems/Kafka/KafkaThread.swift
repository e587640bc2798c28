internal import Glibc

/// A thread that runs one closure; joined once.
final class KafkaThread {
    private final class Body {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    private let thread: pthread_t

    init(_ run: @escaping @Sendable () -> Void) throws(KafkaError) {
        var thread = pthread_t()
        let body = Unmanaged.passRetained(Body(run))
        let status = pthread_create(
            &thread, nil,
            { raw in
                if let raw { Unmanaged<Body>.fromOpaque(raw).takeRetainedValue().run() }
                return nil
            }, body.toOpaque())
        guard status == 0 else {
            body.release()
            throw KafkaError(rawCode: -194, message: "cannot start a thread: \(String(cString: strerror(status)))")
        }
        self.thread = thread
    }

    func join() { pthread_join(thread, nil) }
}
