import Linux

/// SIGINT and SIGTERM as something to wait for.
final class StopSignal {
    private let signals: SignalDescriptor
    private var hasCome = false

    /// Takes the signals over from the process; to be made before any thread is started. Throws where the system has
    /// no descriptor left.
    init() throws(SystemError) {
        Signal.brokenPipe.ignore()
        signals = try SignalDescriptor([.interrupt, .terminate])
    }

    /// Waits for at most so many milliseconds; whether the process is to end.
    func wait(milliseconds: Int) -> Bool {
        if !hasCome, let signal = try? signals.wait(milliseconds: milliseconds) {
            hasCome = signal == .interrupt || signal == .terminate
        }
        return hasCome
    }
}
