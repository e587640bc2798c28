import CLinux
import Glibc

/// A process this one started. Its owner calls `poll` or `wait` until it has ended, so that no zombie stays.
package struct ChildProcess: Sendable, Equatable {
    /// How a process ended.
    package enum Ending: Equatable, Sendable {
        /// It returned this status.
        case exited(Int32)
        /// This signal ended it.
        case signaled(Int32)
    }

    /// What to start, and how.
    package struct Options: Sendable {
        /// The program file, absolute.
        package var path: String
        /// The arguments after the program's name. Everybody on the machine can read them: no secrets.
        package var arguments: [String]
        /// The whole environment, `NAME=value`; nil: this process's own.
        package var environment: [String]?
        /// Its working directory; nil: this process's own.
        package var directory: String?
        /// The descriptor that becomes 0; nil: /dev/null.
        package var input: Int32?
        /// The descriptor that becomes 1; nil: /dev/null.
        package var output: Int32?
        /// The descriptor that becomes 2; nil: /dev/null.
        package var error: Int32?
        /// Sent to it by the kernel when the *thread* that starts it ends, however that happens (prctl(2)).
        package var deathSignal: Signal?
        /// The user it runs as; needs root.
        package var user: UserAccount?
        /// A folder that this process and its children alone see at another place, with its own permissions but not
        /// those of the folders it is in (a mount namespace); needs root, and a container that allows it.
        package var bound: (folder: String, at: String)?
        /// Whether it leads a process group of its own, so that a terminal's Ctrl-C reaches only its parent.
        package var ownGroup = true

        /// A program with its arguments; the rest as described at each.
        package init(path: String, arguments: [String]) {
            self.path = path
            self.arguments = arguments
        }
    }

    /// The process id.
    package let id: Int32

    /// Starts a process. Throws what failed, the program's exec included.
    package static func start(_ options: Options) throws(SystemError) -> ChildProcess {
        let null = clinux_open("/dev/null", O_RDWR | O_CLOEXEC, 0)
        if null < 0 { throw SystemError.last("open /dev/null") }
        defer { Descriptor.close(null) }
        let arguments = CStrings([options.path] + options.arguments)
        let environment = CStrings(options.environment ?? Environment.all())
        defer {
            arguments.free()
            environment.free()
        }
        var raw = clinux_spawn_options()
        raw.arguments = UnsafePointer(arguments.pointers)
        raw.environment = UnsafePointer(environment.pointers)
        raw.input = options.input ?? null
        raw.output = options.output ?? null
        raw.error = options.error ?? null
        raw.death_signal = options.deathSignal?.number ?? 0
        raw.new_group = options.ownGroup ? 1 : 0
        if let user = options.user {
            raw.change_user = 1
            raw.user = user.userID
            raw.group = user.groupID
        }
        let texts = CStrings([
            options.path, options.directory ?? "", options.bound?.folder ?? "", options.bound?.at ?? "",
        ])
        defer { texts.free() }
        raw.path = UnsafePointer(texts.pointers[0])
        if options.directory != nil { raw.directory = UnsafePointer(texts.pointers[1]) }
        if options.bound != nil {
            raw.bound_folder = UnsafePointer(texts.pointers[2])
            raw.bound_at = UnsafePointer(texts.pointers[3])
        }
        let id = clinux_spawn(&raw)
        let code = errno
        if id < 0 { throw SystemError(call: "start \(options.path)", code: code) }
        return ChildProcess(id: id)
    }

    /// How it ended, or nil while it runs. Once it has told the ending, the id belongs to nobody.
    package func poll() throws(SystemError) -> Ending? { try reap(WNOHANG) }

    /// Waits until it has ended.
    package func wait() throws(SystemError) -> Ending {
        var ending: Ending?
        while ending == nil { ending = try reap(0) }
        return ending ?? .exited(0)
    }

    /// Waits until it has ended, or nil when the time passed.
    package func wait(milliseconds: Int) throws(SystemError) -> Ending? {
        let deadline = SystemClock.monotonicNanoseconds() + UInt64(max(0, milliseconds)) * 1_000_000
        var ending = try poll()
        while ending == nil, SystemClock.monotonicNanoseconds() < deadline {
            SystemClock.sleep(milliseconds: 5)
            ending = try poll()
        }
        return ending
    }

    /// Sends it a signal; nothing happens where it has ended.
    package func signal(_ signal: Signal) { _ = Glibc.kill(id, signal.number) }

    private func reap(_ flags: Int32) throws(SystemError) -> Ending? {
        var status: Int32 = 0
        let got = waitpid(id, &status, flags)
        if got < 0 {
            let code = errno
            if code == EINTR { return nil }
            throw SystemError(call: "waitpid", code: code)
        }
        if got == 0 { return nil }
        if clinux_wait_exited(status) != 0 { return .exited(clinux_wait_exit_status(status)) }
        if clinux_wait_signaled(status) != 0 { return .signaled(clinux_wait_signal(status)) }
        return nil
    }
}

/// An array of C strings that ends with null.
private struct CStrings {
    let pointers: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
    private let count: Int

    init(_ texts: [String]) {
        count = texts.count
        pointers = .allocate(capacity: texts.count + 1)
        for (index, text) in texts.enumerated() { (pointers + index).initialize(to: strdup(text)) }
        (pointers + texts.count).initialize(to: nil)
    }

    func free() {
        for index in 0..<count { Glibc.free(pointers[index]) }
        pointers.deallocate()
    }
}
