import CZlib

/// The library below this room.
package enum DeflateLibrary {
    /// The version of the zlib that is loaded, `1.2.13`.
    package static var version: String { zlibVersion().map { String(cString: $0) } ?? "" }
}
