/// The values of a subcommand's flags, all of them checked.
package struct Values: Sendable {
    /// The word after the subcommand, where it has such (`topics apply`).
    package let action: String?
    private let texts: [String: String]
    private let order: [String]

    init(action: String?, texts: [String: String], order: [String]) {
        self.action = action
        self.texts = texts
        self.order = order
    }

    /// What was given for `flag`, or what it is without. Only flags that the subcommand declares may be asked for.
    package subscript<Value: Sendable>(flag: Flag<Value>) -> Value {
        precondition(order.contains(flag.declaration.name), "--\(flag.declaration.name) is not of this subcommand")
        guard let value = flag.value(of: texts[flag.declaration.name]) else {
            preconditionFailure("--\(flag.declaration.name) was not checked")
        }
        return value
    }

    /// Whether it was given, on the command line or by the environment.
    package func has(_ flag: FlagDeclaration) -> Bool { texts[flag.name] != nil }

    /// What was given of `flags`, as `--name=VALUE`, to hand on to a child process.
    package func arguments(of flags: [FlagDeclaration]) -> [String] {
        flags.compactMap { flag in texts[flag.name].map { "--\(flag.name)=\($0)" } }
    }
}
