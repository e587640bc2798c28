import CLinux
import Glibc

/// The space of a file system.
package enum Disk {
    /// The bytes that an ordinary user may still write where `path` is. Throws where there is nothing at `path`.
    package static func freeBytes(at path: String) throws(SystemError) -> Int {
        var state = statvfs()
        if statvfs(path, &state) < 0 { throw SystemError.last("statvfs \(path)") }
        return Int(
            clamping: UInt64(state.f_bavail).multipliedReportingOverflow(by: UInt64(state.f_frsize)).partialValue)
    }
}
