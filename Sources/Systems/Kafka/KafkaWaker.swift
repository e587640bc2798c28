internal import CKafka
internal import Glibc

/// Wakes a thread that waits for records, from any thread.
package final class KafkaWaker: Sendable {
    /// An eventfd, for an epoll of the caller's own; becomes readable when there is something to poll.
    package let descriptor: Int32

    init() throws(KafkaError) {
        descriptor = madang_kafka_eventfd()
        guard descriptor >= 0 else {
            throw KafkaError(rawCode: -194, message: "eventfd: \(String(cString: strerror(errno)))")
        }
    }

    deinit { Glibc.close(descriptor) }

    /// Lets `KafkaConsumer.wait` return. What is woken more than once before it waits is woken once.
    package func wake() {
        var one: UInt64 = 1
        // Full means that it is readable already.
        _ = Glibc.write(descriptor, &one, 8)
    }

    /// Waits until woken or for the given time.
    func wait(milliseconds: Int) {
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&entry, 1, Int32(clamping: milliseconds)) > 0 else { return }
        clear()
    }

    /// Makes it unreadable; to be done before the queue is drained, so that what comes meanwhile wakes again.
    func clear() {
        var count: UInt64 = 0
        _ = Glibc.read(descriptor, &count, 8)
    }
}
