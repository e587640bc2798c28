package import JSON

/// A request about people: the value of a record in kakao.user.REQUEST. Who asks stands in the headers. No password and
/// nothing that logs in is in any of them: a new password comes as a sealed verifier, a log-in as SCRAM messages.
package enum UserRequest: Sendable, Equatable {
    /// Sign-up. `credential` is the SCRAM verifier, sealed, in base64.
    case create(userID: String, userName: String, credential: String)
    /// The first half of SCRAM-SHA-256 (RFC 5802 §5): client-first-message.
    case challenge(userID: String, clientFirst: String)
    /// The second half: what was said so far and client-final-message; makes the session `sessionID`.
    case login(Login)
    /// Is this session, whose token the front has verified, still living?
    case check(userID: String, sessionID: String, issuedAtMilliseconds: Int64, expiresAtMilliseconds: Int64)
    /// Profiles of people; unknown ones are left out of the answer.
    case get(userIDs: [String])
    case rename(userName: String)
    case status(userStatus: String)
    /// My sessions.
    case sessions
    /// Ends one session.
    case logout(sessionID: String)

    /// The second half of a log-in.
    package struct Login: Sendable, Equatable {
        /// Who logs in.
        package var userID: String
        /// client-first-message as sent.
        package var clientFirst: String
        /// server-first-message as answered.
        package var serverFirst: String
        /// client-final-message with the proof.
        package var clientFinal: String
        /// The id of the session to be; no secret.
        package var sessionID: String
        /// What the client calls itself (User-Agent), for the list of sessions.
        package var client: String
        /// When the session begins and ends, in milliseconds since 1970.
        package var issuedAtMilliseconds: Int64
        package var expiresAtMilliseconds: Int64

        /// A log-in to be proved.
        package init(
            userID: String, clientFirst: String, serverFirst: String, clientFinal: String, sessionID: String,
            client: String, issuedAtMilliseconds: Int64, expiresAtMilliseconds: Int64
        ) {
            self.userID = userID
            self.clientFirst = clientFirst
            self.serverFirst = serverFirst
            self.clientFinal = clientFinal
            self.sessionID = sessionID
            self.client = client
            self.issuedAtMilliseconds = issuedAtMilliseconds
            self.expiresAtMilliseconds = expiresAtMilliseconds
        }
    }
}

extension UserRequest {
    /// The header `type`.
    package var type: RecordType {
        switch self {
        case .create: .userCreate
        case .challenge: .userChallenge
        case .login: .userLogin
        case .check: .userCheck
        case .get: .userGet
        case .rename: .userRename
        case .status: .userStatus
        case .sessions: .userSessions
        case .logout: .userLogout
        }
    }

    /// The record's key: the person it is about; `asker` where it names nobody.
    package func key(asker: String) -> [UInt8] {
        switch self {
        case .create(let userID, _, _), .challenge(let userID, _), .check(let userID, _, _, _): Array(userID.utf8)
        case .login(let login): Array(login.userID.utf8)
        case .get(let userIDs): Array((userIDs.first ?? asker).utf8)
        case .rename, .status, .sessions, .logout: Array(asker.utf8)
        }
    }

    /// The record's value.
    package var value: [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        switch self {
        case .create(let userID, let userName, let credential):
            writer.member("userId", userID)
            writer.member("userName", userName)
            writer.member("credential", credential)
        case .challenge(let userID, let clientFirst):
            writer.member("userId", userID)
            writer.member("clientFirst", clientFirst)
        case .login(let login): login.write(into: &writer)
        case .check(let userID, let sessionID, let issuedAt, let expiresAt):
            writer.member("userId", userID)
            writer.member("sessionId", sessionID)
            writer.member("issuedAt", issuedAt)
            writer.member("expiresAt", expiresAt)
        case .get(let userIDs): writer.strings("userIds", userIDs)
        case .rename(let userName): writer.member("userName", userName)
        case .status(let userStatus): writer.member("userStatus", userStatus)
        case .sessions: break
        case .logout(let sessionID): writer.member("sessionId", sessionID)
        }
        writer.endObject()
        return writer.bytes
    }

    /// Reads the value of a request of `type`. Throws `bad_request`, `invalid`, and what Validation throws.
    package init(type: RecordType, value: JSONValue) throws(ChatError) {
        let fields = Fields(value)
        switch type {
        case .userCreate:
            self = .create(
                userID: try fields.userID("userId"), userName: try Validation.userName(try fields.text("userName")),
                credential: try fields.text("credential"))
        case .userChallenge:
            self = .challenge(userID: try fields.userID("userId"), clientFirst: try fields.text("clientFirst"))
        case .userLogin: self = .login(try Login(fields))
        case .userCheck:
            self = .check(
                userID: try fields.userID("userId"), sessionID: try fields.text("sessionId"),
                issuedAtMilliseconds: try fields.integer("issuedAt"),
                expiresAtMilliseconds: try fields.integer("expiresAt"))
        case .userGet: self = .get(userIDs: try fields.userIDs("userIds"))
        case .userRename: self = .rename(userName: try Validation.userName(try fields.text("userName")))
        case .userStatus: self = .status(userStatus: try Validation.userStatus(try fields.text("userStatus")))
        case .userSessions: self = .sessions
        case .userLogout: self = .logout(sessionID: try fields.text("sessionId"))
        default: throw ChatError(.badRequest, "\(type.rawValue) is no request about people.")
        }
    }
}

extension UserRequest.Login {
    fileprivate func write(into writer: inout JSONWriter) {
        writer.member("userId", userID)
        writer.member("clientFirst", clientFirst)
        writer.member("serverFirst", serverFirst)
        writer.member("clientFinal", clientFinal)
        writer.member("sessionId", sessionID)
        writer.member("client", client)
        writer.member("issuedAt", issuedAtMilliseconds)
        writer.member("expiresAt", expiresAtMilliseconds)
    }

    fileprivate init(_ fields: Fields) throws(ChatError) {
        self.init(
            userID: try fields.userID("userId"), clientFirst: try fields.text("clientFirst"),
            serverFirst: try fields.text("serverFirst"), clientFinal: try fields.text("clientFinal"),
            sessionID: try fields.text("sessionId"), client: try fields.text("client"),
            issuedAtMilliseconds: try fields.integer("issuedAt"),
            expiresAtMilliseconds: try fields.integer("expiresAt"))
    }
}
