/// Takes the words of one command line in turn.
struct ArgumentReader {
    let command: Command
    private var action: String?
    private var texts: [String: String] = [:]

    init(command: Command) { self.command = command }

    mutating func read(_ arguments: [String]) throws(Misuse) {
        var rest = arguments[...]
        while let word = rest.popFirst() {
            guard word.hasPrefix("--"), word != "--" else {
                try take(word: word)
                continue
            }
            let parts = word.dropFirst(2).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let flag = try declaration(of: String(parts[0]))
            if parts.count == 2 {
                try set(flag, String(parts[1]), source: "--\(flag.name)")
            } else if flag.placeholder == nil {
                try set(flag, "true", source: "--\(flag.name)")
            } else if let value = rest.first, !value.hasPrefix("--") {
                rest.removeFirst()
                try set(flag, value, source: "--\(flag.name)")
            } else {
                throw complaint("--\(flag.name) needs a value; \(flag.accepted) is accepted")
            }
        }
    }

    /// Adds what the environment gives, and checks that nothing is missing.
    consuming func finish(_ surroundings: Surroundings) throws(Misuse) -> Values {
        for flag in command.flags where texts[flag.name] == nil {
            // An empty variable is how compose files and shells say that there is none.
            guard let text = surroundings.environment(flag.environmentName), !text.isEmpty else { continue }
            try set(flag, text, source: flag.environmentName)
        }
        if !command.actions.isEmpty, action == nil {
            throw complaint("say which; \(command.actions.map(\.name).joined(separator: ", ")) are accepted")
        }
        for flag in command.flags {
            if let path = texts[flag.name], flag.isFile, !surroundings.fileExists(path) {
                throw complaint("--\(flag.name): no file \(Misuse.quoted(path)); \(flag.accepted) is accepted")
            }
            if flag.isRequired, texts[flag.name] == nil {
                let missing = "\(flag.spelling) is missing (or \(flag.environmentName))"
                throw complaint("\(missing); \(flag.accepted) is accepted")
            }
        }
        return Values(action: action, texts: texts, order: command.flags.map(\.name))
    }

    private mutating func take(word: String) throws(Misuse) {
        let names = command.actions.map(\.name)
        if action == nil, names.contains(word) {
            action = word
        } else if action == nil, !names.isEmpty {
            let hint = Misuse.suggestion(for: word, among: names)
            throw complaint("unknown \(Misuse.quoted(word))\(hint); \(names.joined(separator: ", ")) are accepted")
        } else {
            throw complaint("\(Misuse.quoted(word)) is not understood; \(acceptedFlags)")
        }
    }

    private func declaration(of name: String) throws(Misuse) -> FlagDeclaration {
        if let flag = command.flags.first(where: { $0.name == name }) { return flag }
        let hint = Misuse.suggestion(for: name, among: command.flags.map(\.name), prefix: "--")
        throw complaint("unknown flag \(Misuse.quoted("--" + name))\(hint); \(acceptedFlags)")
    }

    private mutating func set(_ flag: FlagDeclaration, _ text: String, source: String) throws(Misuse) {
        guard flag.accepts(text) else {
            throw complaint("\(source): \(Misuse.quoted(text)) is not accepted; \(flag.accepted) is")
        }
        texts[flag.name] = text
    }

    private var acceptedFlags: String {
        let names = (command.flags.map(\.name) + ["help"]).map { "--" + $0 }
        return names.joined(separator: ", ") + (names.count == 1 ? " is accepted" : " are accepted")
    }

    private func complaint(_ text: String) -> Misuse { Misuse("madang \(command.name): \(text)") }
}
