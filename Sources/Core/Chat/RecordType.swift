/// The `type` header of records (CONTRACT section 4).
package enum RecordType: String, Sendable, CaseIterable {
    case messageSend = "message.send"
    case roomCreate = "room.create"
    case memberAdd = "member.add"
    case memberRemove = "member.remove"
    case memberRole = "member.role"
    case readMove = "read.move"

    case roomEnter = "room.enter"
    case roomHistory = "room.history"
    case roomList = "room.list"
    case roomParticipants = "room.participants"
    case servicePing = "service.ping"

    case userCreate = "user.create"
    case userChallenge = "user.challenge"
    case userLogin = "user.login"
    case userCheck = "user.check"
    case userGet = "user.get"
    case userRename = "user.rename"
    case userStatus = "user.status"
    case userSessions = "user.sessions"
    case userLogout = "user.logout"

    /// The topic that carries requests of this type.
    package var topic: Topic {
        switch self {
        case .messageSend, .roomCreate, .memberAdd, .memberRemove, .memberRole, .readMove: .chatMessageRequest
        case .roomEnter, .roomHistory, .roomList, .roomParticipants, .servicePing: .chatRoomRequest
        case .userCreate, .userChallenge, .userLogin, .userCheck, .userGet, .userRename, .userStatus, .userSessions,
            .userLogout:
            .userRequest
        }
    }
}
