/// What holds for every Swift file. Each rule returns what it found wrong.
enum Rules {
    static let linesMax = 500
    static let functionLinesMax = 70
    static let columnsMax = 120

    static let all: [@Sendable (SourceFile) -> [Finding]] = [
        size, width, functionLength, forbiddenWords, documentation, uncheckedSendable, floorImports, sleeps,
    ]

    static func size(_ file: SourceFile) -> [Finding] {
        guard file.lines.count > linesMax else { return [] }
        return [
            Finding(path: file.path, line: linesMax, message: "has \(file.lines.count) lines, more than \(linesMax)")
        ]
    }

    static func width(_ file: SourceFile) -> [Finding] {
        each(file.lines, file) {
            $0.utf8.count > columnsMax && $0.count > columnsMax ? "is wider than \(columnsMax) columns" : nil
        }
    }

    /// Counts from the line a function begins on to the one its brace closes on.
    static func functionLength(_ file: SourceFile) -> [Finding] {
        var open: [(line: Int, depth: Int)] = []
        var pending: Int?
        var depth = 0
        var found: [Finding] = []
        for (index, line) in file.code.enumerated() {
            if mayBegin(line), line.contains(/\b(func|init|deinit|subscript)\b\s*[^.]/.simple),
                !line.contains(/\.init\b/.simple)
            {
                pending = index
            }
            for character in line {
                if character == "{" {
                    if let start = pending { open.append((start, depth)) }
                    pending = nil
                    depth += 1
                } else if character == "}" {
                    depth -= 1
                    guard let last = open.last, last.depth == depth else { continue }
                    open.removeLast()
                    let count = index - last.line + 1
                    if count > functionLinesMax {
                        let message = "a function of \(count) lines, more than \(functionLinesMax)"
                        found.append(Finding(path: file.path, line: last.line + 1, message: message))
                    }
                }
            }
        }
        return found
    }

    /// Whether a function may begin on the line; much cheaper than a pattern.
    private static func mayBegin(_ line: Substring) -> Bool {
        ["func ", "init", "subscript"].contains { line.contains($0) }
    }

    static func forbiddenWords(_ file: SourceFile) -> [Finding] {
        // The marks of unfinished work stand in comments, the traps in code.
        let marks = each(file.lines, file) { line in
            ["TODO", "FIXME", "XXX"].contains { line.contains($0) } && line.contains(unfinished)
                && !file.path.hasPrefix("Tests/Tidy/") ? "unfinished work" : nil
        }
        let traps = each(file.code, file) { line in
            (line.contains("try!") || line.contains("fatalError"))
                && (line.contains(/\btry!/.simple) || line.contains(/\bfatalError\s*\(/.simple))
                ? "traps where an error must be told" : nil
        }
        let access = each(file.code, file) { line in
            (line.contains("public") || line.contains("open "))
                && line.contains(/^\s*(public|open)\s+(func|var|let|struct|class|enum|protocol|init|extension|actor)\b/)
                ? "package is the widest access here" : nil
        }
        return marks + traps + access
    }

    private static var unfinished: Regex<(Substring, Substring)> { /\b(TODO|FIXME|XXX)\b/.simple }

    /// A `package` declaration tells what it gives in a doc comment. One comment may stand above a run of properties
    /// without a blank line between them; what a protocol of the standard library explains needs none.
    static func documentation(_ file: SourceFile) -> [Finding] {
        guard file.path.hasPrefix("Sources/") || file.path.hasPrefix("Tests/TestSupport/") else { return [] }
        let explained = /\b((debugD|d)escription: String|func (==|<)|func hash\(into|var hashValue)/.simple
        return file.code.indices.compactMap { index in
            let line = trimmed(file.code[index])
            let isProperty = isPlainProperty(line)
            guard line.hasPrefix("package "), !line.hasPrefix("package import"), !line.hasPrefix("package extension")
            else { return nil }
            if line.contains(explained) { return nil }
            var above = index - 1
            while above >= 0,
                trimmed(file.lines[above]).hasPrefix("@") || isProperty && isPlainProperty(trimmed(file.code[above]))
            { above -= 1 }
            guard above < 0 || !trimmed(file.lines[above]).hasPrefix("///") else { return nil }
            return Finding(path: file.path, line: index + 1, message: "a package declaration without a doc comment")
        }
    }

    /// A property without a body of several lines.
    private static func isPlainProperty(_ line: Substring) -> Bool {
        line.hasPrefix("package ") && line.contains(/^package (static )?(let|var)\s/)
            && (!line.contains("{") || line.hasSuffix("}"))
    }

    /// The proof stands beside it, in the line or the one above.
    static func uncheckedSendable(_ file: SourceFile) -> [Finding] {
        file.code.indices.compactMap { index in
            guard file.code[index].contains("@unchecked Sendable") else { return nil }
            let around = file.lines[max(0, index - 1)...min(index + 1, file.lines.count - 1)]
            guard !around.contains(where: { $0.contains("//") }) else { return nil }
            return Finding(path: file.path, line: index + 1, message: "@unchecked Sendable without its proof beside it")
        }
    }

    /// Core and Protocols are pure; nobody but one target of Systems imports a C library.
    static func floorImports(_ file: SourceFile) -> [Finding] {
        guard let floor = file.floor, floor == "Core" || floor == "Protocols" else { return [] }
        return imports(of: file).compactMap { line, module in
            let system = ["Foundation", "FoundationEssentials", "Glibc", "Musl", "Dispatch", "Synchronization"]
            guard system.contains(String(module)) || isLibrary(module) else { return nil }
            return Finding(path: file.path, line: line, message: "the floor \(floor) may not import \(module)")
        }
    }

    /// A test waits for a condition with a deadline, never for a while.
    static func sleeps(_ file: SourceFile) -> [Finding] {
        guard file.path.hasPrefix("Tests/") else { return [] }
        return each(file.code, file) { line in
            line.contains("sleep") && line.contains(/\b(u|nano)?sleep\s*\(/.simple)
                ? "a test that sleeps instead of waiting for a condition" : nil
        }
    }

    /// Each C library has one owner.
    static func libraryOwners(_ files: [SourceFile]) -> [Finding] {
        var owners: [Substring: Substring] = [:]
        var found: [Finding] = []
        for file in files where file.path.hasPrefix("Sources/") {
            for (line, module) in imports(of: file) where isLibrary(module) {
                guard let target = file.target else { continue }
                if let owner = owners[module], owner != target {
                    let message = "\(module) is imported by \(owner) and by \(target)"
                    found.append(Finding(path: file.path, line: line, message: message))
                } else if file.floor != "Systems" {
                    let message = "\(module) may be imported by one target of Systems alone"
                    found.append(Finding(path: file.path, line: line, message: message))
                }
                owners[module] = owners[module] ?? target
            }
        }
        return found
    }

    /// The modules a file imports, with the number of the line.
    static func imports(of file: SourceFile) -> [(line: Int, module: Substring)] {
        file.code.enumerated().compactMap { index, line in
            guard line.contains("import "),
                let match = line.firstMatch(of: /^\s*(?:@\w+\s+)*(?:\w+\s+)?import\s+(?:\w+\s+)?([A-Za-z0-9_]+)/)
            else {
                return nil
            }
            return (index + 1, match.1)
        }
    }

    private static func isLibrary(_ module: Substring) -> Bool {
        ["CKafka", "CPostgres", "COpenSSL", "CZlib", "CYAML", "CLinux"].contains(String(module))
    }

    private static func each(
        _ lines: [Substring], _ file: SourceFile, _ message: (Substring) -> String?
    ) -> [Finding] {
        lines.enumerated().compactMap { index, line in
            message(line).map { Finding(path: file.path, line: index + 1, message: $0) }
        }
    }

    private static func trimmed(_ line: Substring) -> Substring { line.drop { $0 == " " } }
}

extension Regex {
    /// With word boundaries between a letter and a dot too, where Unicode sees one word.
    var simple: Regex<RegexOutput> { wordBoundaryKind(.simple) }
}
