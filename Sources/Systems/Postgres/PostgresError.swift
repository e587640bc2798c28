/// Why PostgreSQL did not do what was asked.
package struct PostgresError: Error, Sendable, Equatable {
    /// Where the failure arose.
    package enum Code: Sendable, Equatable {
        /// The URI or connection string cannot be understood.
        case badURI
        /// No connection could be made.
        case connectFailed
        /// The connection broke; whether the last statement was committed is unknown.
        case connectionLost
        /// Our own deadline passed; the connection was given up and the statement's outcome is unknown.
        case deadlinePassed
        /// The server refused the statement; `sqlState` says why.
        case refusedByServer
        /// There is no open connection: `connect()` comes first.
        case notConnected
    }

    /// What a caller does about it (GUARANTEES, rule 12).
    package enum Remedy: Sendable, Equatable {
        /// The same again, later: 08, 40, 53, 55P03, 57, 25006 and everything without an answer.
        case tryAgain
        /// One of the rows is poison: 22, 23 and 54 (a value larger than the server's limits).
        case leaveRowOut
        /// A mistake of deployment or of the program: 42, 28, 3D and the rest. Stop and say so.
        case stop
    }

    /// Where it arose.
    package let code: Code
    /// The five characters of SQLSTATE, empty where the server said nothing.
    package let sqlState: String
    /// The server's or libpq's primary message, one line.
    package let message: String
    /// What the server added, which may quote values of rows.
    package let detail: String
    package let hint: String
    /// Where in a function it happened.
    package let context: String
    /// The constraint that was violated, else empty.
    package let constraint: String

    /// An error with all its parts.
    package init(
        _ code: Code, sqlState: String = "", message: String, detail: String = "", hint: String = "",
        context: String = "", constraint: String = ""
    ) {
        self.code = code
        self.sqlState = sqlState
        self.message = message
        self.detail = detail
        self.hint = hint
        self.context = context
        self.constraint = constraint
    }

    /// What to do about it (GUARANTEES, rule 12).
    package var remedy: Remedy {
        switch code {
        case .connectionLost, .deadlinePassed, .notConnected: return .tryAgain
        case .badURI: return .stop
        case .connectFailed, .refusedByServer: break
        }
        if sqlState.isEmpty { return .tryAgain }
        if sqlState == "55P03" || sqlState == "25006" { return .tryAgain }
        switch sqlState.prefix(2) {
        case "08", "40", "53", "57": return .tryAgain
        case "22", "23", "54": return .leaveRowOut
        default: return .stop
        }
    }

    /// Whether the same statement may be tried again unchanged.
    package var isRetriable: Bool { remedy == .tryAgain }
}

extension PostgresError: CustomStringConvertible, CustomDebugStringConvertible {
    /// Safe for a log: no parameter values, no password.
    package var description: String {
        sqlState.isEmpty ? "postgres: \(message)" : "postgres: \(message) (SQLSTATE \(sqlState))"
    }

    /// All the server said; may quote values of rows.
    package var debugDescription: String {
        var text = description
        if !detail.isEmpty { text += "\ndetail: \(detail)" }
        if !hint.isEmpty { text += "\nhint: \(hint)" }
        if !constraint.isEmpty { text += "\nconstraint: \(constraint)" }
        if !context.isEmpty { text += "\ncontext: \(context)" }
        return text
    }
}
