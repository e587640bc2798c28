import Foundation

/// A fresh folder that is removed with all in it when nobody refers to it any more.
package final class TemporaryDirectory: Sendable {
    /// Its absolute path.
    package let path: String

    /// Makes it; everybody may look in, for PostgreSQL's programs run as another user when root tests.
    package init() throws {
        var template = Array("\(NSTemporaryDirectory())/madang-test-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        chmod(path, 0o755)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// The path of `name` in it.
    package func file(_ name: String) -> String { path + "/" + name }

    /// The text of a file in it; nil while it is not there.
    package func text(_ name: String) -> String? { try? String(contentsOfFile: file(name), encoding: .utf8) }
}
