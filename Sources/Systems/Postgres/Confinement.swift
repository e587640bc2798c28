import Glibc

/// Ties an object to the thread that first uses it: a `PGconn` is no thread's but its owner's (libpq, "Behavior in
/// Threaded Programs").
struct Confinement {
    private var owner: pthread_t?

    /// Traps when called on another thread than the first call.
    mutating func check() {
        let current = pthread_self()
        if let owner {
            precondition(pthread_equal(owner, current) != 0, "a PostgreSQL connection was used on two threads")
        } else {
            owner = current
        }
    }
}
