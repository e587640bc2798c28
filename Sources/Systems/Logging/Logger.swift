import Linux
import Synchronization

/// Writes log lines to standard error: text on a terminal, otherwise one JSON object a line with `time`, `level`,
/// `service`, `message` (CONTRACT section 1). Never pass it a token, a password or a message's text.
///
/// The caller is not held up: where the reader of standard error stands still, lines are dropped, counted, and the
/// count is said as soon as one goes through again.
package final class Logger: Sendable {
    /// The name in each line: `front-1`.
    package let service: String
    private let level: Atomic<Int>
    private let descriptor: Int32
    private let isText: Bool
    private let dropped = Mutex(0)

    /// A logger for a service; lines under `level` are left out. `text` nil: as the descriptor is a terminal or not.
    package init(service: String, level: LogLevel = .info, descriptor: Int32 = 2, text: Bool? = nil) {
        self.service = service
        self.level = Atomic(level.rawValue)
        self.descriptor = descriptor
        isText = text ?? Descriptor.isTerminal(descriptor)
    }

    /// The same output under another name.
    package func named(_ service: String) -> Logger {
        let level = LogLevel(rawValue: level.load(ordering: .relaxed)) ?? .info
        return Logger(service: service, level: level, descriptor: descriptor, text: isText)
    }

    /// Leaves out lines under `level` from now on.
    package func setLevel(_ level: LogLevel) { self.level.store(level.rawValue, ordering: .relaxed) }

    /// Whether lines of this level are written.
    package func isEnabled(_ level: LogLevel) -> Bool { level.rawValue >= self.level.load(ordering: .relaxed) }

    /// Writes a line for developers; the message is made only when it is wanted.
    package func debug(_ message: @autoclosure () -> String) { log(.debug, message()) }
    /// Writes a line about the normal course of things.
    package func info(_ message: @autoclosure () -> String) { log(.info, message()) }
    /// Writes a line about something that is wrong but dealt with.
    package func warning(_ message: @autoclosure () -> String) { log(.warning, message()) }
    /// Writes a line about something that somebody must see to.
    package func error(_ message: @autoclosure () -> String) { log(.error, message()) }

    /// Writes a line of this level.
    package func log(_ level: LogLevel, _ message: @autoclosure () -> String) {
        guard isEnabled(level) else { return }
        let now = SystemClock.wallMilliseconds()
        let line = format(now, level, message())
        dropped.withLock { count in
            if count > 0 {
                // Somebody has waited already; whoever comes now does not.
                let notice = format(now, .warning, "\(count) log lines were dropped: nobody read them")
                guard write(notice, waitMilliseconds: 0) else {
                    count += 1
                    return
                }
                count = 0
            }
            if !write(line, waitMilliseconds: 100) { count = 1 }
        }
    }

    private func format(_ now: Int64, _ level: LogLevel, _ message: String) -> [UInt8] {
        isText
            ? LogLine.text(milliseconds: now, level: level, service: service, message: message)
            : LogLine.json(milliseconds: now, level: level, service: service, message: message)
    }

    /// Writes a whole line, or nothing where there is no room within the time. The descriptor is shared with others
    /// (a terminal, a parent), so it is not made non-blocking; a pipe says that it is writable only with room for
    /// PIPE_BUF bytes, and a longer line may wait for its rest.
    private func write(_ line: [UInt8], waitMilliseconds: Int) -> Bool {
        guard (try? Descriptor.waitWritable(descriptor, milliseconds: waitMilliseconds)) == true else { return false }
        return line.withUnsafeBytes { bytes in
            do throws(SystemError) {
                try Descriptor.writeAll(descriptor, bytes)
                return true
            } catch {
                return false
            }
        }
    }
}
