import Chat

/// A room with subscribers on this reactor: how far it was delivered, what waits, and to whom it goes.
final class RoomFeed {
    let roomID: RoomID
    /// The last seq delivered; nil until the first snapshot (GUARANTEES rule 5: never the first seq that happens to
    /// come).
    var cursor: Seq?
    /// The database's epoch as last told.
    var epoch: Int64 = 1
    /// Facts that cannot go out yet, by seq: the snapshot, an event before them, or a name is awaited.
    var held: [Seq: [UInt8]] = [:]
    var groups: [FanOutGroup.Key: FanOutGroup] = [:]
    var members: [SubscriptionKey: Member] = [:]
    var cache: EventCache
    /// Who left and when, the newest 256; complete for seqs after `leavesAfter`.
    var leaves: [(seq: Seq, userID: String)] = []
    var leavesAfter: Seq = 0
    /// A question for a gap or for names is on its way.
    var isFetching = false
    /// Some subscription has a `since` beyond the cursor.
    var waitsForRoom = false
    /// When the last subscriber went, in monotonic milliseconds.
    var idleSinceMilliseconds: Int64?
    /// Subscribers to whom a page of history is on its way, by the seq after which it begins.
    var pages: [Seq: [SubscriptionKey]] = [:]

    init(roomID: RoomID, cacheBytesMax: Int) {
        self.roomID = roomID
        cache = EventCache(bytesMax: cacheBytesMax)
    }

    /// One subscription.
    struct Member {
        let request: SubscriptionRequest
        var state: State
    }

    /// Where a subscription stands.
    enum State {
        /// May this person see the room?
        case asking
        /// Has everything up to `after`; more comes from cache or history.
        case catchingUp(after: Seq, wait: Wait)
        /// Gets what comes, in its group at `index`.
        case live(FanOutGroup, index: Int)
    }

    /// What a subscription that catches up waits for.
    enum Wait {
        /// Nothing: go on.
        case none
        /// A page of history.
        case page
        /// Its output queue, to become shorter.
        case drain
        /// An ACK.
        case acknowledgement
        /// The room itself is behind.
        case room
    }

    /// Notes that `userID` left with the event `seq`.
    func noteLeave(seq: Seq, userID: String) {
        leaves.append((seq, userID))
        if leaves.count > 256 { leavesAfter = leaves.removeFirst().seq }
    }

    /// Whether `userID`, a member as of `seq`, has left since; nil where that is not known any more.
    func hasLeft(_ userID: String, since seq: Seq) -> Bool? {
        if leaves.contains(where: { $0.seq > seq && $0.userID == userID }) { return true }
        return seq < leavesAfter ? nil : false
    }
}
