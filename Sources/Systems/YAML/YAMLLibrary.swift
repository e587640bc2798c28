import CYAML

/// The library below this room.
package enum YAMLLibrary {
    /// The version of the libyaml that is loaded, `0.2.5`.
    package static var version: String { yaml_get_version_string().map { String(cString: $0) } ?? "" }
}
