import CPostgres

/// Where a database is: `postgres://user@host:port/name?…` or `host=/run/postgresql dbname=…`, as libpq understands it.
package struct PostgresURI: Sendable, Equatable {
    /// The settings given, by libpq's keyword.
    package private(set) var settings: [String: String]

    /// Parses `text`.
    ///
    /// - Throws: `badURI` with libpq's own explanation.
    package init(_ text: String) throws(PostgresError) {
        var explanation: UnsafeMutablePointer<CChar>?
        guard let options = PQconninfoParse(text, &explanation) else {
            defer { PQfreemem(explanation) }
            let why = explanation.map { String(cString: $0) } ?? "out of memory"
            throw PostgresError(.badURI, message: Self.firstLine(why))
        }
        defer { PQconninfoFree(options) }
        var settings: [String: String] = [:]
        var option = options
        while let keyword = option.pointee.keyword {
            if let value = option.pointee.val { settings[String(cString: keyword)] = String(cString: value) }
            option += 1
        }
        self.settings = settings
    }

    /// The same place with another database.
    package func with(database: String) -> PostgresURI {
        var other = self
        other.settings["dbname"] = database
        return other
    }

    /// The same place for another role.
    package func with(user: String, password: String? = nil) -> PostgresURI {
        var other = self
        other.settings["user"] = user
        other.settings["password"] = password
        return other
    }

    /// The name of the database, empty when left to libpq.
    package var database: String { settings["dbname"] ?? "" }

    static func firstLine(_ text: String) -> String {
        let line = text.prefix { !$0.isNewline }
        return String(line)
    }
}

extension PostgresURI: CustomStringConvertible {
    /// `keyword=value` pairs in order of keyword, the password hidden: safe for a log.
    package var description: String {
        settings.keys.sorted()
            .map { key in
                let hidden = key.contains("password")
                return "\(key)=\(hidden ? "…" : settings[key] ?? "")"
            }
            .joined(separator: " ")
    }
}
