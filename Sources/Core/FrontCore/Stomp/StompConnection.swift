import Chat
import Stomp

/// A STOMP connection as far as decisions about it go. With one subscription and nothing under way it has less than 400
/// octets; what an active one needs beside that lies in `work`.
final class StompConnection {
    /// How far it is.
    enum Phase: UInt8 {
        /// CONNECT has not come.
        case waiting
        /// CONNECT came; a backend is asked who this is.
        case authenticating
        case connected
        /// DISCONNECT came; earlier frames wait for their answers.
        case disconnecting
        case closed
    }

    let id: ConnectionID
    let transport: Transport
    var phase = Phase.waiting
    /// The version agreed on; nil before CONNECT.
    var version: StompVersion?
    /// The shell was told not to read from it.
    var isPaused = false
    /// Find out by WebSocket pings whether it lives, as it sends no heart-beats.
    var isPinged = false
    /// Whom the handshake showed, later who is logged in.
    var person: Person?
    /// In ascending order of `number`.
    var subscriptions: [StompSubscription] = []
    var subscriptionsMade: UInt32 = 0
    /// Messages of all subscriptions that wait for an ACK.
    var unacknowledged: Int32 = 0
    /// Messages sent on subscriptions that are no events of a room.
    var passingMade: UInt32 = 0
    var sendsMade: UInt64 = 0
    /// How long after the last octets sent a heart-beat is due; 0: never. Milliseconds.
    var sendAfterMilliseconds: Int32 = 0
    /// How long a silence may last; 0: for ever. Milliseconds.
    var silenceMilliseconds: Int32 = 0
    /// When octets last went out, came in, and when a ping was sent; monotonic milliseconds.
    var sentAt: Int64
    var heardAt: Int64
    var pingedAt: Int64
    /// Where it is in the timer wheel.
    var slot: Int64 = 0
    var work: StompWork?

    /// A connection that was just made.
    init(id: ConnectionID, transport: Transport, person: Person?, now: Int64) {
        self.id = id
        self.transport = transport
        self.person = person
        sentAt = now
        heardAt = now
        pingedAt = now
    }

    /// What is under way, made where there was nothing.
    func working() -> StompWork {
        if let work { return work }
        let made = StompWork()
        work = made
        return made
    }

    /// The index of the subscription with `number`.
    func index(number: UInt32) -> Int? {
        var low = 0
        var high = subscriptions.count
        while low < high {
            let middle = (low + high) / 2
            if subscriptions[middle].number < number { low = middle + 1 } else { high = middle }
        }
        return low < subscriptions.count && subscriptions[low].number == number ? low : nil
    }

    /// The index of the subscription that the client calls `id`.
    func index(id: String) -> Int? {
        subscriptions.firstIndex { $0.id.map { sameOctets($0, id) } ?? false }
    }

    /// The first living subscription to errors or notifications.
    func index(queue name: StaticString) -> Int? {
        subscriptions.firstIndex { $0.stage == .standing && $0.place.dialect.name == name }
    }
}

extension StaticString {
    fileprivate static func == (left: StaticString, right: StaticString) -> Bool {
        left.utf8CodeUnitCount == right.utf8CodeUnitCount
            && UnsafeBufferPointer(start: left.utf8Start, count: left.utf8CodeUnitCount).elementsEqual(
                UnsafeBufferPointer(start: right.utf8Start, count: right.utf8CodeUnitCount))
    }
}
