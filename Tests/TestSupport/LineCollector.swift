import Foundation
import Synchronization

/// Collects what comes out of a pipe, line by line, on a thread of its own.
final class LineCollector: Sendable {
    private struct State {
        var lines: [String] = []
        var rest: [UInt8] = []
        var isOver = false
    }

    private let state = Mutex(State())

    /// The lines so far; at the end of the pipe also a last one without its end.
    var lines: [String] { state.withLock { $0.lines } }

    /// Whether the pipe has ended.
    var isOver: Bool { state.withLock { $0.isOver } }

    /// Reads `descriptor` to its end and closes it.
    func read(_ descriptor: Int32) {
        Thread.detachNewThread { [self] in
            var buffer = [UInt8](repeating: 0, count: 65_536)
            var running = true
            while running {
                let count = Foundation.read(descriptor, &buffer, buffer.count)
                if count > 0 {
                    add(buffer[..<count])
                } else {
                    running = count < 0 && errno == EINTR
                }
            }
            close(descriptor)
            state.withLock { state in
                if !state.rest.isEmpty { state.lines.append(String(decoding: state.rest, as: UTF8.self)) }
                state.isOver = true
            }
        }
    }

    private func add(_ bytes: ArraySlice<UInt8>) {
        state.withLock { state in
            state.rest += bytes
            while let end = state.rest.firstIndex(of: 10) {
                state.lines.append(String(decoding: state.rest[..<end], as: UTF8.self))
                state.rest.removeSubrange(...end)
            }
        }
    }
}
