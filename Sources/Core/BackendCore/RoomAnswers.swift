package import Chat
import JSON

/// How a room stands for one person (`room.enter`).
package struct RoomStanding: Sendable, Equatable {
    /// The room.
    package var roomID: RoomID
    package var roomName: String
    package var kind: String
    package var operatorsOnly: Bool
    /// nil for somebody who sees the room and is not in it.
    package var role: String?
    /// Whether its notices are muted, and where people and room stand.
    package var isMuted: Bool
    package var lastSeq: Seq
    package var lastReadSeq: Seq

    /// All of it.
    package init(
        roomID: RoomID, roomName: String, kind: String, operatorsOnly: Bool, role: String?, isMuted: Bool,
        lastSeq: Seq, lastReadSeq: Seq
    ) {
        self.roomID = roomID
        self.roomName = roomName
        self.kind = kind
        self.operatorsOnly = operatorsOnly
        self.role = role
        self.isMuted = isMuted
        self.lastSeq = lastSeq
        self.lastReadSeq = lastReadSeq
    }

    /// The answer's value.
    package func json(epoch: Int64) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("roomId", roomID)
        writer.member("roomName", roomName)
        writer.member("kind", kind)
        writer.key("operatorsOnly")
        writer.bool(operatorsOnly)
        writer.member("role", orNull: role)
        writer.key("muted")
        writer.bool(isMuted)
        writer.member("lastSeq", lastSeq)
        writer.member("lastReadSeq", lastReadSeq)
        writer.member("epoch", epoch)
        writer.endObject()
        return writer.bytes
    }
}

/// One room of a list (CONTRACT, GET /rooms).
package struct RoomSummary: Sendable, Equatable {
    /// The room, its last message, and how many are unread.
    package var standing: RoomStanding
    package var lastMessage: Event?
    package var unread: Int64
    /// The time of the last event; the list is sorted by it.
    package var lastAtMilliseconds: Int64

    /// All of it.
    package init(standing: RoomStanding, lastMessage: Event?, unread: Int64, lastAtMilliseconds: Int64) {
        self.standing = standing
        self.lastMessage = lastMessage
        self.unread = unread
        self.lastAtMilliseconds = lastAtMilliseconds
    }

    /// What is given back as `after` to get the rooms behind this one.
    package var cursor: String { "\(lastAtMilliseconds).\(standing.roomID)" }

    /// Reads a cursor; nil for anything else.
    package static func position(_ cursor: String) -> (lastAtMilliseconds: Int64, roomID: RoomID)? {
        let parts = cursor.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, let at = Decimal.natural(parts[0]), let roomID = Decimal.natural(parts[1]) else {
            return nil
        }
        return (at, roomID)
    }

    private func write(into writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("roomId", standing.roomID)
        writer.member("roomName", standing.roomName)
        writer.member("kind", standing.kind)
        writer.member("role", orNull: standing.role)
        writer.key("muted")
        writer.bool(standing.isMuted)
        writer.member("lastSeq", standing.lastSeq)
        writer.key("lastMessage")
        if let lastMessage { lastMessage.write(into: &writer) } else { writer.null() }
        writer.member("lastReadSeq", standing.lastReadSeq)
        writer.member("unread", unread)
        writer.endObject()
    }

    /// The value of an answer with as many of `rooms` as fit into `bytesMax` octets, at least one.
    package static func json(_ rooms: [RoomSummary], hasMore: Bool, bytesMax: Int) -> [UInt8] {
        var writer = JSONWriter(capacityBytes: 4096)
        writer.beginObject()
        writer.key("rooms")
        writer.beginArray()
        var given = 0
        while given < rooms.count, given == 0 || writer.bytes.count < bytesMax {
            rooms[given].write(into: &writer)
            given += 1
        }
        writer.endArray()
        if given > 0, hasMore || given < rooms.count { writer.member("next", rooms[given - 1].cursor) }
        writer.endObject()
        return writer.bytes
    }
}

/// One person of a room (CONTRACT, GET …/participants; `online` is the front's).
package struct ParticipantEntry: Sendable, Equatable {
    /// Who, and how they stand in the room.
    package var userID: String
    package var userName: String
    package var role: String
    package var joinedAtMilliseconds: Int64
    package var lastReadSeq: Seq

    /// All of it.
    package init(userID: String, userName: String, role: String, joinedAtMilliseconds: Int64, lastReadSeq: Seq) {
        self.userID = userID
        self.userName = userName
        self.role = role
        self.joinedAtMilliseconds = joinedAtMilliseconds
        self.lastReadSeq = lastReadSeq
    }

    /// The value of an answer.
    package static func json(_ people: [ParticipantEntry], hasMore: Bool) -> [UInt8] {
        var writer = JSONWriter(capacityBytes: 1024)
        writer.beginObject()
        writer.key("participants")
        writer.beginArray()
        for person in people {
            writer.beginObject()
            writer.member("userId", person.userID)
            writer.member("userName", person.userName)
            writer.member("role", person.role)
            writer.member("joinedAt", Timestamp.text(milliseconds: person.joinedAtMilliseconds))
            writer.member("lastReadSeq", person.lastReadSeq)
            writer.endObject()
        }
        writer.endArray()
        if hasMore, let last = people.last { writer.member("next", last.userID) }
        writer.endObject()
        return writer.bytes
    }
}
