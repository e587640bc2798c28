import Glibc
internal import Linux

/// The terminal of this process, and the time of day where it stands.
enum Terminal {
    static var isInteractive: Bool { Descriptor.isTerminal(STDIN_FILENO) && Descriptor.isTerminal(STDOUT_FILENO) }

    /// A signal came while somebody was asked.
    struct Interrupted: Error {}

    /// Asks for a line; nil at the end of the input.
    static func ask(_ question: String, _ signals: SignalDescriptor) throws(Interrupted) -> String? {
        Output.write(question, to: STDOUT_FILENO)
        var reader = LineReader(descriptor: STDIN_FILENO)
        while !reader.isAtEnd {
            var entries = [
                pollfd(fd: signals.descriptor, events: Int16(POLLIN), revents: 0),
                pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0),
            ]
            _ = poll(&entries, nfds_t(entries.count), -1)
            if signals.next() != nil { throw Interrupted() }
            // A terminal gives one line at a time.
            if entries[1].revents != 0, let line = reader.read().first { return line }
        }
        return nil
    }

    /// As `ask`, without showing what is typed; the terminal is put right again even when a signal comes.
    static func askSecretly(_ question: String, _ signals: SignalDescriptor) throws(Interrupted) -> String? {
        var settings = termios()
        guard tcgetattr(STDIN_FILENO, &settings) == 0 else { return try ask(question, signals) }
        var silent = settings
        silent.c_lflag &= ~tcflag_t(ECHO)
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent)
        defer {
            tcsetattr(STDIN_FILENO, TCSAFLUSH, &settings)
            Output.write("\n", to: STDOUT_FILENO)
        }
        return try ask(question, signals)
    }

    /// `HH:MM` of an event's createdAt, here; of now for anything that is no such time.
    static func clock(_ createdAt: String) -> String {
        var seconds = time(nil)
        let digits = createdAt.utf8.map { Int32($0) - 48 }
        if digits.count >= 16, createdAt.utf8.dropFirst(10).first == UInt8(ascii: "T") {
            func number(_ start: Int, _ count: Int) -> Int32 {
                digits[start..<start + count].reduce(0) { $0 &* 10 &+ $1 }
            }
            var utc = tm()
            utc.tm_year = number(0, 4) - 1900
            utc.tm_mon = number(5, 2) - 1
            utc.tm_mday = number(8, 2)
            utc.tm_hour = number(11, 2)
            utc.tm_min = number(14, 2)
            seconds = timegm(&utc)
        }
        var local = tm()
        localtime_r(&seconds, &local)
        return two(local.tm_hour) + ":" + two(local.tm_min)
    }

    private static func two(_ value: Int32) -> String { value < 10 ? "0\(value)" : "\(value)" }
}

/// Writing to descriptors that are somebody else's.
enum Output {
    /// Writes all of it; a reader that is gone is told nothing any more.
    static func write(_ text: String, to descriptor: Int32) {
        let bytes = Array(text.utf8)
        bytes.withUnsafeBytes { buffer in
            do { try Descriptor.writeAll(descriptor, buffer) } catch {}
        }
    }
}
