import Chat

/// A room with subscribers on this reactor.
final class RoomFeed {
    let roomID: RoomID

    init(roomID: RoomID) { self.roomID = roomID }
}
