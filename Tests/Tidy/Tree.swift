import Foundation

/// The package's own files.
enum Tree {
    /// The folder that holds Package.swift.
    static let root: URL = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// Every Swift file of Sources and Tests, and Package.swift.
    static let swiftFiles: [SourceFile] = files { $0.hasSuffix(".swift") }.map { path in
        SourceFile(path: path, text: text(path))
    }

    /// Paths relative to the root of the files git would carry, those that `accept` takes.
    static func files(where accept: (String) -> Bool) -> [String] {
        var paths: [String] = []
        for top in topLevel() where !ignored(top) {
            let url = root.appending(path: top)
            guard (try? url.resourceValues(forKeys: [.isDirectoryKey]).isDirectory) == true else {
                paths.append(top)
                continue
            }
            let below = FileManager.default.enumerator(atPath: url.path) ?? FileManager.DirectoryEnumerator()
            for case let path as String in below where !path.contains(".build") {
                let file = url.appending(path: path)
                if (try? file.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile) == true {
                    paths.append("\(top)/\(path)")
                }
            }
        }
        return paths.filter(accept).sorted()
    }

    /// The names in the root folder.
    static func topLevel() -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: root.path)) ?? []
    }

    /// The text of a file, empty where it is not there or not UTF-8.
    static func text(_ path: String) -> String {
        (try? String(contentsOf: root.appending(path: path), encoding: .utf8)) ?? ""
    }

    /// Whether something of this path, relative to the root, is there.
    static func has(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: root.appending(path: path).path)
    }

    /// What .gitignore names, and git itself.
    static func ignored(_ name: String) -> Bool {
        name == ".git" || name == ".swiftpm" || name == "Package.resolved" || name.hasPrefix(".build")
            || name.hasPrefix(".madang") || name.hasSuffix(".log") || name.hasSuffix(".pid")
    }
}
