package import Linux
package import YAML

/// The list of topics (CONTRACT section 4).
package struct TopicList: Sendable, Equatable {
    /// In the order of topics.yaml.
    package var topics: [TopicDeclaration]

    /// Why there is no list.
    package enum Failure: Error, Sendable, CustomStringConvertible {
        case file(SystemError, path: String)
        case content(YAMLError, path: String)

        package var description: String {
            switch self {
            case .file(let error, let path): "\(path) cannot be read: \(error)"
            case .content(let error, let path): "\(path): \(error)"
            }
        }
    }

    /// The list in `path`; without one ./topics.yaml, and where that is not there the copy in the executable.
    package static func load(path: String?) throws(Failure) -> TopicList {
        if path == nil, !File.exists("topics.yaml") { return try read(embeddedBytes, path: "the built-in topics.yaml") }
        let path = path ?? "topics.yaml"
        let bytes: [UInt8]
        do throws(SystemError) { bytes = try File.read(path) } catch { throw .file(error, path: path) }
        return try read(bytes, path: path)
    }

    /// The copy of topics.yaml in the executable.
    package static var embeddedBytes: [UInt8] { PackageResources.topics_yaml }

    private static func read(_ bytes: [UInt8], path: String) throws(Failure) -> TopicList {
        do throws(YAMLError) { return try TopicList(yaml: bytes) } catch { throw .content(error, path: path) }
    }

    /// The topic of that name.
    package subscript(name name: String) -> TopicDeclaration? { topics.first { $0.name == name } }
}
