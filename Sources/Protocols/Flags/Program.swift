/// All subcommands of the executable.
package struct Program: Sendable {
    /// What a command line asks for.
    package enum Request: Sendable {
        /// Print this and end with status 0.
        case show(String)
        /// Carry the subcommand out.
        case run(Command, Values)
    }

    /// In the order in which help lists them.
    package let commands: [Command]
    private let version: String

    /// A program of these subcommands.
    package init(version: String, commands: [Command]) {
        self.version = version
        self.commands = commands
    }

    /// What `arguments`, without the program's own name, ask for.
    package func request(_ arguments: [String], in surroundings: Surroundings) throws(Misuse) -> Request {
        guard let first = arguments.first else {
            throw Misuse("madang: say what to do; \(names) are accepted, and --help tells about each")
        }
        switch first {
        case "--help", "-h": return .show(Help.of(commands))
        case "--version": return .show("madang \(version)\n")
        case "help":
            guard arguments.count > 1 else { return .show(Help.of(commands)) }
            return .show(Help.of(try command(named: arguments[1])))
        default: break
        }
        let command = try command(named: first)
        let rest = Array(arguments.dropFirst())
        if rest.contains("--help") || rest.contains("-h") { return .show(Help.of(command)) }
        return .run(command, try command.values(of: rest, in: surroundings))
    }

    private func command(named name: String) throws(Misuse) -> Command {
        if let command = commands.first(where: { $0.name == name }) { return command }
        let kind = name.hasPrefix("-") ? "flag" : "subcommand"
        let hint = Misuse.suggestion(for: name, among: commands.map(\.name))
        let accepted = "\(names), --help and --version are accepted"
        throw Misuse("madang: unknown \(kind) \(Misuse.quoted(name))\(hint); \(accepted)")
    }

    private var names: String { commands.map(\.name).joined(separator: ", ") }
}
