import CLinux
import Glibc

/// The environment of this process.
package enum Environment {
    /// The value of a variable, or nil.
    package static func value(_ name: String) -> String? {
        guard let value = getenv(name) else { return nil }
        return String(cString: value)
    }

    /// All of it, `NAME=value` each.
    package static func all() -> [String] {
        var result: [String] = []
        var entry = clinux_environment()
        while let pointer = entry, let text = pointer.pointee {
            result.append(String(cString: text))
            entry = pointer + 1
        }
        return result
    }
}
