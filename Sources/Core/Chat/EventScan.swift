/// The head of an event's JSON, found by scanning: what a front must know to deliver it, without building a tree.
/// Works on the order that `Event.write` keeps; `init` gives nil for any other, and the reader falls back to
/// `Event(json:)`.
package struct EventScan {
    /// Where it happened.
    package let roomID: RoomID
    /// Its number in the room.
    package let seq: Seq
    /// Its type.
    package let type: EventType
    /// Its id.
    package let messageID: MessageID
    /// Where the octets of the userId stand in the value; it holds no character that JSON escapes.
    package let userID: Range<Int>
    /// Where `"writer":"…",` belongs: right behind the comma that follows writerId.
    package let writerOffset: Int

    /// Scans the value of a fact.
    package init?(_ value: UnsafeRawBufferPointer) {
        var cursor = Cursor(value)
        guard cursor.skip("{\"type\":\""), let type = cursor.upTo(UInt8(ascii: "\"")),
            let known = EventScan.type(value, type), cursor.skip("\",\"roomId\":"),
            let roomID = cursor.upTo(UInt8(ascii: ",")), cursor.skip(",\"seq\":"),
            let seq = cursor.upTo(UInt8(ascii: ",")), cursor.skip(",\"messageId\":\""),
            let messageID = cursor.upTo(UInt8(ascii: "\"")), cursor.skip("\",\"userId\":\""),
            let userID = cursor.upTo(UInt8(ascii: "\"")), cursor.skip("\",\"writerId\":\""),
            let writerID = cursor.upTo(UInt8(ascii: "\"")), cursor.skip("\",")
        else { return nil }
        guard let room = EventScan.number(value, roomID), let number = EventScan.number(value, seq),
            let id = MessageID(ascii: UnsafeRawBufferPointer(rebasing: value[messageID])),
            writerID.count == userID.count, !value[userID].contains(UInt8(ascii: "\\"))
        else { return nil }
        self.roomID = room
        self.seq = number
        self.type = known
        self.messageID = id
        self.userID = userID
        writerOffset = cursor.at
    }

    private static func number(_ value: UnsafeRawBufferPointer, _ range: Range<Int>) -> Int64? {
        Decimal.unsigned(UnsafeRawBufferPointer(rebasing: value[range])).flatMap(Int64.init(exactly:))
    }

    private static func type(_ value: UnsafeRawBufferPointer, _ range: Range<Int>) -> EventType? {
        if range.count == 7, value[range].elementsEqual("MESSAGE".utf8) { return .message }
        return EventType(rawValue: String(decoding: value[range], as: UTF8.self))
    }
}

private struct Cursor {
    let bytes: UnsafeRawBufferPointer
    var at = 0

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    mutating func skip(_ text: StaticString) -> Bool {
        let count = text.utf8CodeUnitCount
        guard bytes.count - at >= count else { return false }
        for index in 0..<count where bytes[at + index] != text.utf8Start[index] { return false }
        at += count
        return true
    }

    mutating func upTo(_ mark: UInt8) -> Range<Int>? {
        var end = at
        while end < bytes.count, bytes[end] != mark { end += 1 }
        guard end < bytes.count else { return nil }
        defer { at = end }
        return at..<end
    }
}
