import CLinux
import Glibc

/// A system call that failed.
package struct SystemError: Error, Equatable, CustomStringConvertible {
    /// The call, as its manual page spells it: `bind`.
    package let call: String
    /// The value of `errno`.
    package let code: Int32

    /// An error of `call` with the `errno` value `code`.
    package init(call: String, code: Int32) {
        self.call = call
        self.code = code
    }

    /// The call and the system's own words: `bind: Address already in use`.
    package var description: String { "\(call): \(String(cString: strerror(code)))" }

    /// Whether the address is in use by somebody else (EADDRINUSE).
    package var isAddressInUse: Bool { code == EADDRINUSE }
    /// Whether the file, or the process, is not there (ENOENT, ESRCH).
    package var isNotFound: Bool { code == ENOENT || code == ESRCH }
    /// Whether this process may not do that (EACCES, EPERM).
    package var isForbidden: Bool { code == EACCES || code == EPERM }
    /// Whether the process or the system has no descriptor left (EMFILE, ENFILE).
    package var isOutOfDescriptors: Bool { code == EMFILE || code == ENFILE }
    /// Whether a deadline passed (ETIMEDOUT).
    package var isTimeout: Bool { code == ETIMEDOUT }

    /// The error of the call that just failed; `errno` is read in this very statement.
    static func last(_ call: String) -> SystemError { SystemError(call: call, code: errno) }
}

/// What a non-blocking read or write came to.
package enum TransferResult: Equatable {
    /// So many bytes went over, more than zero.
    case bytes(Int)
    /// The other side will send nothing more (reads only).
    case end
    /// Nothing went over now; not an error.
    case wouldBlock
    /// It failed with this `errno`.
    case failed(Int32)
}
