import CPostgres

extension PostgresConnection {
    /// Runs a prepared statement with binary parameters and gives its rows in binary.
    ///
    /// - Parameter answerMilliseconds: our own deadline instead of the limits' (statement plus grace).
    /// - Throws: `refusedByServer` (the connection stays), `connectionLost` and `deadlinePassed` (it is closed, and
    ///   the outcome is unknown), `notConnected`.
    @discardableResult
    package func execute(
        _ statement: Statement, _ parameters: borrowing Parameters = Parameters(), answerMilliseconds: Int? = nil
    ) throws(PostgresError) -> Rows {
        let handle = try open()
        let deadline = deadline(answerMilliseconds)
        try prepare(statement, handle, deadline)
        guard send(statement, parameters, handle) else { throw giveUp(lastError(handle, .connectionLost)) }
        return try receive(handle, deadline)
    }

    /// Runs one or several statements without parameters in one implicit transaction; rows of the last come as text.
    ///
    /// - Throws: as `execute`.
    @discardableResult
    package func run(_ sql: String, answerMilliseconds: Int? = nil) throws(PostgresError) -> Rows {
        let handle = try open()
        guard PQsendQuery(handle, sql) == 1 else { throw giveUp(lastError(handle, .connectionLost)) }
        return try receive(handle, deadline(answerMilliseconds))
    }

    private func open() throws(PostgresError) -> OpaquePointer {
        confinement.check()
        guard let handle else { throw PostgresError(.notConnected, message: "not connected") }
        return handle
    }

    private func deadline(_ milliseconds: Int?) -> Deadline {
        .after(milliseconds: milliseconds ?? limits.statementMilliseconds + limits.answerGraceMilliseconds)
    }

    private func prepare(_ statement: Statement, _ handle: OpaquePointer, _ deadline: Deadline) throws(PostgresError) {
        // A literal's address names it for the life of the process.
        let key = UInt(bitPattern: statement.name.utf8Start)
        guard !prepared.contains(key) else { return }
        guard statement.name.withCharacters({ PQsendPrepare(handle, $0, statement.sql, 0, nil) }) == 1 else {
            throw giveUp(lastError(handle, .connectionLost))
        }
        _ = try receive(handle, deadline)
        prepared.insert(key)
    }

    private func send(_ statement: Statement, _ parameters: borrowing Parameters, _ handle: OpaquePointer) -> Bool {
        let count = parameters.count
        let offsets = parameters.offsets
        return parameters.bytes.withUnsafeBufferPointer { bytes in
            withUnsafeTemporaryAllocation(of: UnsafePointer<CChar>?.self, capacity: count) { values in
                withUnsafeTemporaryAllocation(of: Int32.self, capacity: count) { formats in
                    // An empty value still needs an address: NULL would mean the SQL NULL.
                    let base = bytes.baseAddress ?? UnsafePointer(emptyValue)
                    for index in 0..<count {
                        let offset = offsets[index]
                        let address = offset < 0 ? nil : UnsafeRawPointer(base + offset)
                        values.initializeElement(at: index, to: address?.assumingMemoryBound(to: CChar.self))
                        formats.initializeElement(at: index, to: 1)
                    }
                    return statement.name.withCharacters { name in
                        PQsendQueryPrepared(
                            handle, name, Int32(count), values.baseAddress, parameters.lengths, formats.baseAddress, 1)
                    } == 1
                }
            }
        }
    }

    /// Sends what is left, waits, and takes the results to the last.
    private func receive(_ handle: OpaquePointer, _ deadline: Deadline) throws(PostgresError) -> Rows {
        var last: OpaquePointer?
        var failure: PostgresError?
        do throws(PostgresError) {
            try flush(handle, deadline)
            var reading = true
            while reading {
                while PQisBusy(handle) == 1 {
                    try wait(handle, reading: true, writing: false, deadline)
                    guard PQconsumeInput(handle) == 1 else { throw lastError(handle, .connectionLost) }
                }
                if let result = PQgetResult(handle) {
                    if let error = Self.error(of: result) {
                        failure = failure ?? error
                        PQclear(result)
                    } else {
                        PQclear(last)
                        last = result
                    }
                } else {
                    reading = false
                }
            }
        } catch {
            PQclear(last)
            throw giveUp(failure?.sqlState.hasPrefix("57P") == true ? failure ?? error : error)
        }
        if PQstatus(handle) == CONNECTION_BAD {
            PQclear(last)
            throw giveUp(failure ?? lastError(handle, .connectionLost))
        }
        if let failure {
            PQclear(last)
            throw failure
        }
        guard let last else { throw giveUp(PostgresError(.connectionLost, message: "an answer without a result")) }
        return Rows(takingOwnership: last)
    }

    /// PostgreSQL 15, 34.4: after sending in non-blocking mode, flush until 0, and read when the server wants to
    /// be read.
    private func flush(_ handle: OpaquePointer, _ deadline: Deadline) throws(PostgresError) {
        var state = PQflush(handle)
        while state == 1 {
            try wait(handle, reading: true, writing: true, deadline)
            guard PQconsumeInput(handle) == 1 else { throw lastError(handle, .connectionLost) }
            state = PQflush(handle)
        }
        if state < 0 { throw lastError(handle, .connectionLost) }
    }

    private static func error(of result: OpaquePointer) -> PostgresError? {
        switch PQresultStatus(result) {
        case PGRES_TUPLES_OK, PGRES_COMMAND_OK, PGRES_EMPTY_QUERY: return nil
        default: break
        }
        let state = field(result, madang_diag_sqlstate)
        let primary = field(result, madang_diag_message_primary)
        // Without a SQLSTATE it is libpq speaking: the connection broke, and nobody knows what was committed.
        return PostgresError(
            state.isEmpty ? .connectionLost : .refusedByServer, sqlState: state,
            message: primary.isEmpty ? PostgresURI.firstLine(String(cString: PQresultErrorMessage(result))) : primary,
            detail: field(result, madang_diag_message_detail), hint: field(result, madang_diag_message_hint),
            context: field(result, madang_diag_context), constraint: field(result, madang_diag_constraint_name))
    }

    /// A connection in doubt is no longer used.
    private func giveUp(_ error: PostgresError) -> PostgresError {
        close()
        return error
    }
}

extension StaticString {
    /// The literal as C wants it; it ends with NUL.
    func withCharacters<Value>(_ body: (UnsafePointer<CChar>) -> Value) -> Value {
        body(UnsafeRawPointer(utf8Start).assumingMemoryBound(to: CChar.self))
    }
}

/// One octet to point at; never written to nor freed, so any thread may hold its address.
nonisolated(unsafe) private let emptyValue = UnsafeMutablePointer<UInt8>.allocate(capacity: 1)
