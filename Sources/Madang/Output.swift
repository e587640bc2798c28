import Glibc

/// Results on stdout.
enum Output {
    /// One line, at once, so that whoever waits for it sees it.
    static func line(_ text: String) {
        print(text)
        fflush(nil)
    }

    /// One line on stderr.
    static func note(_ text: String) {
        let line = text + "\n"
        write(STDERR_FILENO, line, line.utf8.count)
    }
}
