/// What `--help` prints.
enum Help {
    /// `madang --help`.
    static func of(_ commands: [Command]) -> String {
        let width = commands.map(\.name.count).max() ?? 0
        let rows = commands.map { "  \($0.name)\(spaces(width - $0.name.count + 2))\($0.summary)\n" }
        return """
            madang: a chat system: STOMP and HTTP in front, Kafka between, PostgreSQL behind

            usage: madang SUBCOMMAND [--flag VALUE ...]

            \(rows.joined())
            madang SUBCOMMAND --help tells about each; madang --version says which this is.
            Every flag can be given by the environment too: --kafka is MADANG_KAFKA.
            Exit status: 0 done, 1 tried and failed, 2 the command line was not understood.

            """
    }

    /// `madang SUBCOMMAND --help`.
    static func of(_ command: Command) -> String {
        var text = "madang \(command.name): \(command.summary)\n"
        for line in command.details { text += line + "\n" }
        let action = command.actions.isEmpty ? "" : " " + command.actions.map(\.name).joined(separator: "|")
        text += "\nusage: madang \(command.name)\(action)\(command.flags.isEmpty ? "" : " [--flag VALUE ...]")\n"
        if !command.actions.isEmpty {
            text += "\n"
            let width = command.actions.map(\.name.count).max() ?? 0
            for action in command.actions {
                text += "  \(action.name)\(spaces(width - action.name.count + 2))\(action.summary)\n"
            }
        }
        for flag in command.flags { text += "\n" + of(flag) }
        return text
    }

    private static func of(_ flag: FlagDeclaration) -> String {
        var about = flag.isRequired ? "required" : flag.fallback.map { "default: \($0)" } ?? ""
        if !about.isEmpty { about += "; " }
        let lines = wrapped(flag.help, width: 90) + ["\(about)environment: \(flag.environmentName)"]
        return "  \(flag.spelling)\n" + lines.map { "      \($0)\n" }.joined()
    }

    private static func wrapped(_ text: String, width: Int) -> [String] {
        var lines: [String] = []
        for word in text.split(separator: " ") {
            if let last = lines.last, last.count + 1 + word.count <= width {
                lines[lines.count - 1] = last + " " + word
            } else {
                lines.append(String(word))
            }
        }
        return lines
    }

    private static func spaces(_ count: Int) -> String { String(repeating: " ", count: max(count, 0)) }
}
