import CPostgres
import Glibc

extension PostgresConnection {
    /// Waits until the socket is ready.
    ///
    /// - Throws: `deadlinePassed`; `connectionLost` when there is no socket any more.
    func wait(_ handle: OpaquePointer, reading: Bool, writing: Bool, _ deadline: Deadline) throws(PostgresError) {
        var waiting = true
        while waiting {
            // libpq may have another socket after each step of connecting.
            let socket = PQsocket(handle)
            guard socket >= 0 else { throw lastError(handle, .connectionLost) }
            let events = (reading ? Int16(POLLIN) : 0) | (writing ? Int16(POLLOUT) : 0)
            var entry = pollfd(fd: socket, events: events, revents: 0)
            let remaining = deadline.remainingMilliseconds
            let ready = poll(&entry, 1, remaining)
            let code = errno
            if ready > 0 {
                waiting = false
            } else if ready == 0 {
                if deadline.remainingMilliseconds == 0 {
                    throw PostgresError(.deadlinePassed, message: "no answer from PostgreSQL in time")
                }
            } else if code != EINTR {
                throw PostgresError(.connectionLost, message: "poll: errno \(code)")
            }
        }
    }

    /// What libpq last said about the connection.
    func lastError(_ handle: OpaquePointer, _ code: PostgresError.Code) -> PostgresError {
        let text = String(cString: PQerrorMessage(handle))
        let lines = text.split(whereSeparator: \.isNewline)
        let message = lines.isEmpty ? "connection lost" : lines.joined(separator: "; ")
        return PostgresError(code, sqlState: Self.connectState(message), message: message)
    }

    /// libpq keeps no SQLSTATE of a failed start; what the server answers to a wrong role, password or database is told
    /// apart from one that is away by its words, with `lc_messages` C as our own clusters have.
    private static func connectState(_ message: String) -> String {
        if message.contains("authentication failed") || message.contains("no pg_hba.conf entry") { return "28000" }
        if message.contains("role \""), message.contains("does not exist") { return "28000" }
        if message.contains("database \""), message.contains("does not exist") { return "3D000" }
        return ""
    }
}

/// A field of an error or notice; empty where it is absent.
func field(_ result: OpaquePointer, _ code: Int32) -> String {
    PQresultErrorField(result, code).map { String(cString: $0) } ?? ""
}
