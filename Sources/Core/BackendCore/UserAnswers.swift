package import Chat
import JSON

/// All that is kept of a person; as JSON the fact in user.RESPONSE.
package struct UserState: Sendable, Equatable {
    /// Who, and what they show of themselves.
    package var userID: String
    package var userName: String
    package var userStatus: String
    package var createdAtMilliseconds: Int64
    /// The sealed SCRAM verifier in base64.
    package var credential: String

    /// All of it.
    package init(
        userID: String, userName: String, userStatus: String, createdAtMilliseconds: Int64, credential: String
    ) {
        self.userID = userID
        self.userName = userName
        self.userStatus = userStatus
        self.createdAtMilliseconds = createdAtMilliseconds
        self.credential = credential
    }

    /// The fact: the whole state, under the userId, as a compacted topic wants it.
    package func fact(to request: RecordHeaders, epoch: Int64) -> OutgoingRecord {
        var writer = JSONWriter(capacityBytes: 512)
        writer.beginObject()
        writer.member("userId", userID)
        writer.member("userName", userName)
        writer.member("userStatus", userStatus)
        writer.member("createdAt", Timestamp.text(milliseconds: createdAtMilliseconds))
        writer.member("credential", credential)
        writer.endObject()
        var headers = request.response(outcome: .stored, epoch: epoch)
        headers.userID = userID
        return OutgoingRecord(topic: .userResponse, key: Array(userID.utf8), value: writer.bytes, headers: headers)
    }

    /// `{"userId","userName"}`
    package var names: [UInt8] {
        UserAnswers.object { writer in
            writer.member("userId", userID)
            writer.member("userName", userName)
        }
    }

    /// `{"userId","userName","userStatus"}`
    package var profile: [UInt8] { UserAnswers.object { writer in writeProfile(into: &writer) } }

    fileprivate func writeProfile(into writer: inout JSONWriter) {
        writer.member("userId", userID)
        writer.member("userName", userName)
        writer.member("userStatus", userStatus)
    }
}

/// One session of a person, for their list.
package struct SessionEntry: Sendable, Equatable {
    /// Which, from when, last seen when, and what the client calls itself.
    package var sessionID: String
    package var createdAtMilliseconds: Int64
    package var lastSeenAtMilliseconds: Int64
    package var client: String

    /// All of it.
    package init(
        sessionID: String, createdAtMilliseconds: Int64, lastSeenAtMilliseconds: Int64, client: String
    ) {
        self.sessionID = sessionID
        self.createdAtMilliseconds = createdAtMilliseconds
        self.lastSeenAtMilliseconds = lastSeenAtMilliseconds
        self.client = client
    }
}

/// Values of answers about people.
package enum UserAnswers {
    /// `{"users":[…]}`
    package static func users(_ states: [UserState]) -> [UInt8] {
        object { writer in
            writer.key("users")
            writer.beginArray()
            for state in states {
                writer.beginObject()
                state.writeProfile(into: &writer)
                writer.endObject()
            }
            writer.endArray()
        }
    }

    /// `{"sessions":[…]}`
    package static func sessions(_ sessions: [SessionEntry]) -> [UInt8] {
        object { writer in
            writer.key("sessions")
            writer.beginArray()
            for session in sessions {
                writer.beginObject()
                writer.member("sessionId", session.sessionID)
                writer.member("createdAt", Timestamp.text(milliseconds: session.createdAtMilliseconds))
                writer.member("lastSeenAt", Timestamp.text(milliseconds: session.lastSeenAtMilliseconds))
                writer.member("client", session.client)
                writer.endObject()
            }
            writer.endArray()
        }
    }

    /// `{"serverFirst":"…"}`
    package static func challenge(_ serverFirst: String) -> [UInt8] {
        object { $0.member("serverFirst", serverFirst) }
    }

    /// `{"serverFinal":"…","userId","userName"}`
    package static func login(_ serverFinal: String, _ state: UserState) -> [UInt8] {
        object { writer in
            writer.member("serverFinal", serverFinal)
            writer.member("userId", state.userID)
            writer.member("userName", state.userName)
        }
    }

    /// The record in kakao.chat.session that ends a session on every front.
    package static func sessionEnded(
        _ sessionID: String, atMilliseconds: Int64, to request: RecordHeaders, epoch: Int64
    ) -> OutgoingRecord {
        OutgoingRecord(
            topic: .session, key: Array(sessionID.utf8),
            value: object { $0.member("endedAt", Timestamp.text(milliseconds: atMilliseconds)) },
            headers: request.response(outcome: .stored, epoch: epoch))
    }

    static func object(_ write: (inout JSONWriter) -> Void) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        write(&writer)
        writer.endObject()
        return writer.bytes
    }
}
