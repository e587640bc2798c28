import CLinux
import Glibc

/// An epoll set (epoll(7)).
package struct Epoll: ~Copyable {
    /// What is waited for, or has happened.
    package struct Events: OptionSet, Sendable {
        /// The kernel's bits.
        package let rawValue: UInt32
        /// Takes the kernel's bits.
        package init(rawValue: UInt32) { self.rawValue = rawValue }
        /// There is something to read.
        package static let readable = Events(rawValue: EPOLLIN.rawValue)
        /// There is room to write.
        package static let writable = Events(rawValue: EPOLLOUT.rawValue)
        /// The other side will send no more.
        package static let readEnd = Events(rawValue: EPOLLRDHUP.rawValue)
        /// Both sides are shut.
        package static let hangUp = Events(rawValue: EPOLLHUP.rawValue)
        /// The descriptor has an error.
        package static let error = Events(rawValue: EPOLLERR.rawValue)
        /// Tell of changes only.
        package static let edgeTriggered = Events(rawValue: EPOLLET.rawValue)
    }

    private let descriptor: Int32
    private let ready: UnsafeMutablePointer<epoll_event>
    private let readyMax: Int32

    /// Makes an empty set that reports at most `readyMax` descriptors at once.
    package init(readyMax: Int) throws(SystemError) {
        precondition(readyMax > 0 && readyMax <= 65536)
        descriptor = epoll_create1(Int32(EPOLL_CLOEXEC))
        if descriptor < 0 { throw SystemError.last("epoll_create1") }
        self.readyMax = Int32(readyMax)
        ready = .allocate(capacity: readyMax)
        ready.initialize(repeating: epoll_event(), count: readyMax)
    }

    deinit {
        Descriptor.close(descriptor)
        ready.deallocate()
    }

    /// Starts to watch `target`; `token` comes back with its events.
    package func add(_ target: Int32, _ events: Events, token: UInt64) throws(SystemError) {
        if clinux_epoll_control(descriptor, EPOLL_CTL_ADD, target, events.rawValue, token) < 0 {
            throw SystemError.last("epoll_ctl")
        }
    }

    /// Changes what is watched of `target`.
    package func modify(_ target: Int32, _ events: Events, token: UInt64) throws(SystemError) {
        if clinux_epoll_control(descriptor, EPOLL_CTL_MOD, target, events.rawValue, token) < 0 {
            throw SystemError.last("epoll_ctl")
        }
    }

    /// Stops to watch `target`.
    package func remove(_ target: Int32) {
        // It fails only where the descriptor is not in the set, which is what was asked for.
        _ = clinux_epoll_control(descriptor, EPOLL_CTL_DEL, target, 0, 0)
    }

    /// Waits and returns how many descriptors are ready (0: time passed, or a signal). Negative: for ever.
    package func wait(milliseconds: Int) throws(SystemError) -> Int {
        let count = epoll_wait(descriptor, ready, readyMax, Int32(clamping: milliseconds))
        if count < 0 {
            let code = errno
            if code == EINTR { return 0 }
            throw SystemError(call: "epoll_wait", code: code)
        }
        return Int(count)
    }

    /// The ready descriptor `index` of the last wait.
    @inline(__always)
    package func event(at index: Int) -> (token: UInt64, events: Events) {
        precondition(index < Int(readyMax))
        return (
            clinux_epoll_data(ready, Int32(truncatingIfNeeded: index)),
            Events(rawValue: clinux_epoll_events(ready, Int32(truncatingIfNeeded: index)))
        )
    }
}
