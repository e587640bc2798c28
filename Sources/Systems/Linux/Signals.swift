import CLinux
import Glibc

/// Signals this process handles, by number.
package struct Signal: Equatable, Hashable, Sendable {
    /// The number.
    package let number: Int32
    /// The signal with this number.
    package init(number: Int32) { self.number = number }
    /// SIGINT.
    package static let interrupt = Signal(number: SIGINT)
    /// SIGTERM.
    package static let terminate = Signal(number: SIGTERM)
    /// SIGQUIT.
    package static let quit = Signal(number: SIGQUIT)
    /// SIGKILL.
    package static let kill = Signal(number: SIGKILL)
    /// SIGHUP.
    package static let hangUp = Signal(number: SIGHUP)
    /// SIGCHLD.
    package static let child = Signal(number: SIGCHLD)
    /// SIGPIPE.
    package static let brokenPipe = Signal(number: SIGPIPE)
    /// SIGUSR1.
    package static let user1 = Signal(number: SIGUSR1)
    /// SIGSTOP.
    package static let stop = Signal(number: SIGSTOP)
    /// SIGCONT.
    package static let proceed = Signal(number: SIGCONT)

    /// Ignores this signal from now on.
    package func ignore() { _ = clinux_signal_ignore(number) }

    /// Sends it to a process. Throws with `isNotFound` where there is none.
    package func send(to process: Int32) throws(SystemError) {
        if Glibc.kill(process, number) < 0 { throw SystemError.last("kill") }
    }
}

/// A descriptor that is readable when one of its signals has come (signalfd(2)).
package struct SignalDescriptor: Sendable {
    /// The descriptor, non-blocking.
    package let descriptor: Int32

    /// Blocks the signals for this thread and takes them through the descriptor. To be made in the main thread before
    /// any other thread is started, which inherit the mask.
    package init(_ signals: [Signal]) throws(SystemError) {
        var set = sigset_t()
        sigemptyset(&set)
        for signal in signals { sigaddset(&set, signal.number) }
        let status = pthread_sigmask(SIG_BLOCK, &set, nil)
        if status != 0 { throw SystemError(call: "pthread_sigmask", code: status) }
        descriptor = signalfd(-1, &set, Int32(SFD_NONBLOCK | SFD_CLOEXEC))
        if descriptor < 0 { throw SystemError.last("signalfd") }
    }

    /// The next signal that has come, or nil.
    package func next() -> Signal? {
        var information = signalfd_siginfo()
        let size = MemoryLayout<signalfd_siginfo>.size
        let got = read(descriptor, &information, size)
        return got == size ? Signal(number: Int32(truncatingIfNeeded: information.ssi_signo)) : nil
    }

    /// Waits for a signal; nil when the time passed. Negative: for ever.
    package func wait(milliseconds: Int) throws(SystemError) -> Signal? {
        if let signal = next() { return signal }
        return try Descriptor.waitReadable(descriptor, milliseconds: milliseconds) ? next() : nil
    }

    /// Gives it back; the signals stay blocked.
    package func close() { Descriptor.close(descriptor) }
}
