/// A subcommand: its name, its flags, and what it does.
package struct Command: Sendable {
    /// A word that stands behind the subcommand and says which of a few things it does.
    package struct Action: Sendable {
        /// The word itself.
        package let name: String
        /// One line of help.
        package let summary: String

        /// The action `name`, which `summary` explains in a line.
        package init(_ name: String, _ summary: String) {
            self.name = name
            self.summary = summary
        }
    }

    /// The word on the command line.
    package let name: String
    /// One line of `madang --help`.
    package let summary: String
    /// More lines for its own help.
    package let details: [String]
    /// Where there are any, one of them must follow the name.
    package let actions: [Action]
    /// All it understands.
    package let flags: [FlagDeclaration]
    /// Does it, and returns the exit status: 0 done, 1 tried and failed. A misuse it throws becomes status 2.
    package let run: @Sendable (Values) throws(Misuse) -> Int32

    /// A subcommand that `run` carries out.
    package init(
        _ name: String, summary: String, details: [String] = [], actions: [Action] = [], flags: [FlagDeclaration],
        run: @escaping @Sendable (Values) throws(Misuse) -> Int32
    ) {
        precondition(Set(flags.map(\.name)).count == flags.count, "a flag of \(name) is declared twice")
        self.name = name
        self.summary = summary
        self.details = details
        self.actions = actions
        self.flags = flags
        self.run = run
    }

    /// Reads what follows the subcommand's name; `surroundings` give the rest.
    package func values(of arguments: [String], in surroundings: Surroundings) throws(Misuse) -> Values {
        var reader = ArgumentReader(command: self)
        try reader.read(arguments)
        return try reader.finish(surroundings)
    }
}

/// What a command line is read in.
package struct Surroundings: Sendable {
    /// The value of an environment variable.
    package let environment: @Sendable (String) -> String?
    /// Whether a file that can be read has this path.
    package let fileExists: @Sendable (String) -> Bool

    /// Surroundings that the two functions look into.
    package init(
        environment: @escaping @Sendable (String) -> String?, fileExists: @escaping @Sendable (String) -> Bool
    ) {
        self.environment = environment
        self.fileExists = fileExists
    }
}
