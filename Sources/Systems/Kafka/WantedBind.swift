internal import CKafka
internal import Glibc
internal import Synchronization

/// librdkafka's mock brokers bind port 0 of 127.0.0.1, announce to clients what they got, and have no setting for it.
/// This `bind` stands before the C library's, in the executable, where librdkafka's own call finds it first, and puts
/// the wanted address in: then the broker listens on it and announces it. Every other call goes on to the system as it
/// is. What cannot be bound is told, and the broker gets any port, since librdkafka would abort otherwise.
enum WantedBind {
    private struct State {
        var address: sockaddr_in?
        var thread: pthread_t = 0
        var failure: Int32?
    }

    private static let state = Mutex(State())
    /// Only one broker starts at a time.
    private static let turn = Mutex(())

    /// Runs `body`, in which the first socket bound by this thread gets the wanted address; the error number if not.
    static func whileBinding<T>(to wanted: ListenAddress?, _ body: () -> T) -> (T, Int32?) {
        guard let wanted else { return (body(), nil) }
        return turn.withLock { _ in
            state.withLock { $0 = State(address: wanted.address, thread: pthread_self(), failure: nil) }
            let result = body()
            // An address nobody took means that librdkafka no longer calls `bind` as it did.
            let failure = state.withLock { state in
                defer { state = State() }
                return state.address == nil ? state.failure : EOPNOTSUPP
            }
            return (result, failure)
        }
    }

    static func bind(_ descriptor: Int32, _ address: UnsafePointer<sockaddr>?, _ bytes: UInt32) -> Int32 {
        let wanted = state.withLock { state -> sockaddr_in? in
            guard state.address != nil, state.thread == pthread_self() else { return nil }
            return state.address.take()
        }
        guard var wanted else { return madang_kafka_bind(descriptor, address, bytes) }
        let status = withUnsafePointer(to: &wanted) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                madang_kafka_bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        if status == 0 { return 0 }
        let failure = errno
        state.withLock { $0.failure = failure }
        return madang_kafka_bind(descriptor, address, bytes)
    }
}

/// See `WantedBind`; for the dynamic linker, not to be called. An internal function would be hidden from it.
@_cdecl("bind")
package func bindBeforeTheSystem(_ descriptor: Int32, _ address: UnsafeRawPointer?, _ bytes: UInt32) -> Int32 {
    WantedBind.bind(descriptor, address?.assumingMemoryBound(to: sockaddr.self), bytes)
}
