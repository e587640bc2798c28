package import Chat

/// What a backend works on (`--roles`); a consumer group each.
package enum BackendRole: String, Sendable, CaseIterable {
    /// Commands and questions about rooms.
    case chat
    /// Sign-up, log-in, profiles.
    case user
    /// Friends and blocks; there are no such requests yet.
    case friend

    /// The name of the consumer group.
    package var group: String { rawValue }

    /// The topics the group reads.
    package var topics: [Topic] {
        switch self {
        case .chat: [.chatMessageRequest, .chatRoomRequest]
        case .user: [.userRequest]
        case .friend: []
        }
    }
}
