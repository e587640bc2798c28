import BackendCore
import Chat
import Postgres

extension ChatStore {
    /// Keeps a session that began; again changes nothing.
    func keepSession(
        _ sessionID: String, of userID: String, client: String, issuedAt: Int64, expiresAt: Int64, _ now: Int64
    ) throws {
        parameters.removeAll()
        parameters.append(text: sessionID)
        parameters.append(text: userID)
        parameters.append(text: client)
        parameters.append(timestamp: issuedAt)
        parameters.append(timestamp: expiresAt)
        parameters.append(timestamp: now)
        try connection.execute(Self.keepStatement, parameters)
    }

    /// Whether a session lives whose token a front has verified. One that is not known here is: the database was
    /// rebuilt, and sessions that ended are known to every front from the topic.
    func check(
        _ userID: String, _ sessionID: String, issuedAt: Int64, expiresAt: Int64, _ plan: PlannedUserRequest,
        _ now: Int64
    ) throws -> Applied {
        let refusal = ChatError(.unauthenticated, "The session has ended.")
        guard expiresAt > now, let state = try user(userID) else { throw refusal }
        try keepSession(sessionID, of: userID, client: "", issuedAt: issuedAt, expiresAt: expiresAt, now)
        parameters.removeAll()
        parameters.append(text: sessionID)
        parameters.append(text: userID)
        parameters.append(timestamp: now)
        let rows = try connection.execute(Self.seenStatement, parameters)
        guard rows.count == 1 else { throw refusal }
        return reply(state.names, plan)
    }

    /// The sessions of a person that have not ended, the newest first.
    func sessions(of userID: String, _ now: Int64) throws -> [SessionEntry] {
        parameters.removeAll()
        parameters.append(text: userID)
        parameters.append(timestamp: now)
        let rows = try connection.execute(Self.listStatement, parameters)
        return (0..<rows.count).map { row in
            SessionEntry(
                sessionID: rows.text(row, 0), createdAtMilliseconds: rows.timestamp(row, 1),
                lastSeenAtMilliseconds: rows.timestamp(row, 2), client: rows.text(row, 3))
        }
    }

    /// Ends one of the asker's sessions; again says the same.
    func logout(_ sessionID: String, _ plan: PlannedUserRequest, _ now: Int64) throws -> Applied {
        parameters.removeAll()
        parameters.append(text: sessionID)
        parameters.append(text: plan.asker)
        parameters.append(timestamp: now)
        let rows = try connection.execute(Self.endStatement, parameters)
        guard rows.count == 1 else { throw ChatError(.notFound, "There is no such session.") }
        var applied = reply(Array("{}".utf8), plan)
        applied.records.insert(
            UserAnswers.sessionEnded(
                sessionID, atMilliseconds: rows.timestamp(0, 0), to: plan.headers, epoch: databaseEpoch), at: 0)
        return applied
    }

    private static let keepStatement = Statement(
        "session_keep",
        """
        INSERT INTO chat.session (session_id, person, client, created_at, expires_at, last_seen_at)
        SELECT $1, person, $3, $4, $5, $6 FROM chat.app_user WHERE user_id = $2
        ON CONFLICT (session_id) DO NOTHING
        """)

    private static let seenStatement = Statement(
        "session_seen",
        """
        UPDATE chat.session s SET last_seen_at = greatest(s.last_seen_at, $3)
        FROM chat.app_user u
        WHERE s.session_id = $1 AND u.user_id = $2 AND s.person = u.person AND s.ended_at IS NULL
        RETURNING s.session_id
        """)

    private static let listStatement = Statement(
        "session_list",
        """
        SELECT s.session_id, s.created_at, s.last_seen_at, s.client
        FROM chat.session s JOIN chat.app_user u ON u.person = s.person
        WHERE u.user_id = $1 AND s.ended_at IS NULL AND s.expires_at > $2
        ORDER BY s.created_at DESC, s.session_id DESC
        """)

    private static let endStatement = Statement(
        "session_end",
        """
        UPDATE chat.session s SET ended_at = coalesce(s.ended_at, $3)
        FROM chat.app_user u WHERE s.session_id = $1 AND u.user_id = $2 AND s.person = u.person
        RETURNING s.ended_at
        """)
}
