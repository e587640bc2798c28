/// Who speaks: a person and the session they speak in.
package struct Person: Sendable, Equatable {
    /// The person.
    package var userID: String
    /// Their name when the session was looked up; the directory of names knows the present one.
    package var userName: String
    /// The session; no secret.
    package var sessionID: String
    /// When the session ends, in milliseconds since 1970.
    package var expiresAtMilliseconds: Int64

    /// A person in a session.
    package init(userID: String, userName: String, sessionID: String, expiresAtMilliseconds: Int64) {
        self.userID = userID
        self.userName = userName
        self.sessionID = sessionID
        self.expiresAtMilliseconds = expiresAtMilliseconds
    }
}
