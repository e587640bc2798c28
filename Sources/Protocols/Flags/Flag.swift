/// A flag of a subcommand, declared once: its name, what it takes, what it is without, and what it means.
///
/// It is given as `--name VALUE`, `--name=VALUE` or, where neither is there, as the environment variable `MADANG_NAME`.
package struct Flag<Value: Sendable>: Sendable {
    /// What help and messages say of it, without its type.
    package let declaration: FlagDeclaration
    private let absent: Value?
    private let read: @Sendable (String) -> Value?

    /// A flag that has `fallback`, a text of the same form as a given value, when it is not given.
    package init(_ name: String, _ kind: ValueKind<Value>, default fallback: String, help: String) {
        self.init(name, kind, absent: kind.read(fallback), read: kind.read, fallback: fallback, help: help)
        precondition(absent != nil, "the default of --\(name) is not a value of --\(name)")
    }

    /// A flag that must be given.
    package init(required name: String, _ kind: ValueKind<Value>, help: String) {
        self.init(name, kind, absent: nil, read: kind.read, fallback: nil, required: true, help: help)
    }

    /// A flag that is nil when it is not given; `without` tells help what then happens.
    package init<Wrapped: Sendable>(
        _ name: String, _ kind: ValueKind<Wrapped>, without: String? = nil, help: String
    ) where Value == Wrapped? {
        self.init(
            name, kind, absent: .some(nil), read: { kind.read($0).map(Optional.some) }, fallback: without, help: help)
    }

    private init<Given: Sendable>(
        _ name: String, _ kind: ValueKind<Given>, absent: Value?, read: @escaping @Sendable (String) -> Value?,
        fallback: String?, required: Bool = false, help: String
    ) {
        declaration = FlagDeclaration(
            name: name, placeholder: kind.placeholder, accepted: kind.accepted, fallback: fallback,
            isRequired: required, isFile: kind.isFile, help: help, accepts: { kind.read($0) != nil })
        self.absent = absent
        self.read = read
    }

    /// The value of `text`, nil where it is not accepted; the value without the flag where `text` is nil.
    func value(of text: String?) -> Value? {
        guard let text else { return absent }
        return read(text)
    }
}

/// What is known of a flag without the type of its value.
package struct FlagDeclaration: Sendable {
    /// Without the dashes.
    package let name: String
    /// What help calls the value, `HOST:PORT`; nil for a switch, which needs no value.
    package let placeholder: String?
    /// What is accepted, as a message says it: `HOST:PORT, such as 127.0.0.1:8081`.
    package let accepted: String
    /// What holds when it is not given, as help says it; nil where there is nothing to say.
    package let fallback: String?
    /// Whether a subcommand refuses to run without it.
    package let isRequired: Bool
    /// Whether the value names a file that must be there.
    package let isFile: Bool
    /// One sentence or two: what it does, and in which unit.
    package let help: String
    /// Whether a text is a value of it.
    package let accepts: @Sendable (String) -> Bool

    /// The environment variable that gives it too.
    package var environmentName: String {
        "MADANG_" + String(name.uppercased().map { $0 == "-" ? "_" : $0 })
    }

    /// `--name VALUE`, as help and messages write it.
    package var spelling: String {
        placeholder.map { "--\(name) \($0)" } ?? "--\(name)"
    }
}
