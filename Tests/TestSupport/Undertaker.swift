import Foundation
import Synchronization

/// Runs a command when this process ends, however it does, or when told to.
final class Undertaker: Sendable {
    private let lifeline: Mutex<FileHandle?>
    private let process: Mutex<Process?>

    /// A shell waits for the end of its stdin, whose other end only this process holds; then it becomes the command.
    init(command: [String]) throws {
        let pipe = Pipe()
        let end = pipe.fileHandleForWriting
        _ = fcntl(end.fileDescriptor, F_SETFD, FD_CLOEXEC)
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        // The shell must outlive a ^C that ends the tests.
        process.arguments = ["-c", "trap '' INT TERM HUP; cat >/dev/null; exec \"$@\" >/dev/null 2>&1", "sh"] + command
        process.standardInput = pipe.fileHandleForReading
        try process.run()
        lifeline = Mutex(end)
        self.process = Mutex(process)
    }

    /// Lets the command run, and waits for its end. The second time nothing happens.
    func act() {
        lifeline.withLock { handle in
            try? handle?.close()
            handle = nil
        }
        process.withLock { process in
            process?.waitUntilExit()
            process = nil
        }
    }
}
