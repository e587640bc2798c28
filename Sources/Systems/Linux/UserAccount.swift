import CLinux
import Glibc

/// A user of this machine.
package struct UserAccount: Sendable, Equatable {
    /// The name.
    package let name: String
    /// The number of the user.
    package let userID: UInt32
    /// The number of its main group.
    package let groupID: UInt32

    /// The user with this name, or nil.
    package static func named(_ name: String) -> UserAccount? {
        var entry = passwd()
        var buffer = [CChar](repeating: 0, count: 16384)
        var found: UnsafeMutablePointer<passwd>?
        let status = getpwnam_r(name, &entry, &buffer, buffer.count, &found)
        guard status == 0, found != nil else { return nil }
        return UserAccount(name: name, userID: entry.pw_uid, groupID: entry.pw_gid)
    }

    /// The user this process runs as; its name is the number where it has none.
    package static func current() -> UserAccount {
        var entry = passwd()
        var buffer = [CChar](repeating: 0, count: 16384)
        var found: UnsafeMutablePointer<passwd>?
        let id = geteuid()
        if getpwuid_r(id, &entry, &buffer, buffer.count, &found) == 0, found != nil, let name = entry.pw_name {
            return UserAccount(name: String(cString: name), userID: id, groupID: getegid())
        }
        return UserAccount(name: String(id), userID: id, groupID: getegid())
    }

    /// Whether this process runs as root.
    package static var isRoot: Bool { geteuid() == 0 }
}
