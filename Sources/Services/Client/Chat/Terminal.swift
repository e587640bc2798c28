import Glibc
internal import Linux

/// The terminal of this process, and the time of day where it stands.
enum Terminal {
    static var isInteractive: Bool { Descriptor.isTerminal(STDIN_FILENO) && Descriptor.isTerminal(STDOUT_FILENO) }

    /// Asks for a line; nil at the end of the input.
    static func ask(_ question: String) -> String? {
        Output.write(question, to: STDOUT_FILENO)
        return readLine(strippingNewline: true)
    }

    /// As `ask`, without showing what is typed.
    static func askSecretly(_ question: String) -> String? {
        var settings = termios()
        guard tcgetattr(STDIN_FILENO, &settings) == 0 else { return ask(question) }
        var silent = settings
        silent.c_lflag &= ~tcflag_t(ECHO)
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent)
        defer {
            tcsetattr(STDIN_FILENO, TCSAFLUSH, &settings)
            Output.write("\n", to: STDOUT_FILENO)
        }
        return ask(question)
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
