/// The topics of CONTRACT section 4, by their names.
package enum Topic: String, Sendable, CaseIterable {
    case chatMessageRequest = "kakao.chat.chatMessage.REQUEST"
    case chatMessageResponse = "kakao.chat.chatMessage.RESPONSE"
    case chatRoomRequest = "kakao.chat.chatRoom.REQUEST"
    case chatRoomResponse = "kakao.chat.chatRoom.RESPONSE"
    case userRequest = "kakao.user.REQUEST"
    case userResponse = "kakao.user.RESPONSE"
    case friendRequest = "kakao.friend.REQUEST"
    case friendResponse = "kakao.friend.RESPONSE"
    case notification = "kakao.chat.notification"
    case session = "kakao.chat.session"
    case presence = "kakao.chat.presence"
    case deadLetter = "kakao.chat.deadLetter"

    /// The topic where the answers to this one's requests go; nil for topics that hold no requests.
    package var response: Topic? {
        switch self {
        case .chatMessageRequest: .chatMessageResponse
        case .chatRoomRequest: .chatRoomResponse
        case .userRequest: .userResponse
        case .friendRequest: .friendResponse
        default: nil
        }
    }
}
