import CLinux
import Glibc

/// An eventfd: one thread wakes another that waits in epoll.
package struct EventDescriptor: Sendable {
    /// The descriptor, non-blocking.
    package let descriptor: Int32

    /// Makes one; the owner calls `close()`.
    package init() throws(SystemError) {
        descriptor = eventfd(0, Int32(EFD_NONBLOCK | EFD_CLOEXEC))
        if descriptor < 0 { throw SystemError.last("eventfd") }
    }

    /// Makes it readable; may be called on any thread, and from a signal handler.
    package func signal() {
        var one: UInt64 = 1
        // The only failure is a full counter, and then it is readable already.
        _ = write(descriptor, &one, 8)
    }

    /// Makes it unreadable again.
    package func clear() {
        var count: UInt64 = 0
        _ = read(descriptor, &count, 8)
    }

    /// Gives it back.
    package func close() { Descriptor.close(descriptor) }
}
