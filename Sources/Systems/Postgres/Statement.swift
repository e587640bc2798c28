/// A statement that each connection prepares when it first runs it.
package struct Statement: Sendable {
    /// Unique within a connection; kept as a literal so that no copy is made for C.
    package let name: StaticString
    /// One SQL statement with `$1`, `$2` …; the server infers the parameters' types.
    package let sql: String

    /// A statement with a name of its own.
    package init(_ name: StaticString, _ sql: String) {
        self.name = name
        self.sql = sql
    }
}
