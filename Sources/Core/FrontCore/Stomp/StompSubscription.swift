import Chat
import Stomp

/// One subscription of a connection. Kept small: most connections have one and are idle.
struct StompSubscription {
    /// How MESSAGEs are acknowledged (STOMP 1.2, SUBSCRIBE ack Header).
    enum Acknowledgement: UInt8 {
        case auto
        /// An ACK is for all messages before it, too.
        case cumulative
        case individual
    }

    /// Where it stands.
    enum Stage: UInt8 {
        /// The room has not answered yet.
        case asking
        case standing
        /// The room took it away; UNSUBSCRIBE may still name it.
        case ended
    }

    /// Messages that wait for their ACK, in the order they went out.
    var window: [Unacknowledged] = []
    /// The client's id; nil for one of STOMP 1.0 that is named by its destination.
    let id: String?
    /// What it subscribes to.
    let place: StompPlace
    let acknowledgement: Acknowledgement
    var stage: Stage
    /// Counts the subscriptions of a connection; never used again on it.
    let number: UInt32

    init(number: UInt32, id: String?, place: StompPlace, acknowledgement: Acknowledgement, stage: Stage) {
        self.number = number
        self.id = id
        self.place = place
        self.acknowledgement = acknowledgement
        self.stage = stage
    }

    /// A message that waits for its ACK.
    struct Unacknowledged {
        let seq: Seq
        let messageID: MessageID
    }

    /// The room whose events it gets.
    var roomID: RoomID? {
        if case .events = place.dialect.meaning { place.roomID } else { nil }
    }

    /// What each of its MESSAGE frames begins with.
    func head(version: StompVersion) -> [UInt8] {
        guard id == nil else {
            return StompMessageEncoder.head(
                subscription: (id ?? "").utf8, destination: place.destination.utf8, version: version)
        }
        // Without an id there is no header subscription either (STOMP 1.0, MESSAGE).
        var writer = StompWriter(version: version)
        writer.begin(.message)
        writer.header("destination", place.destination)
        writer.header("content-type", "application/json;charset=utf-8")
        return writer.take()
    }
}

/// Whether two header values are the same octets; `==` on String calls canonically equal ones the same.
func sameOctets(_ left: String, _ right: String) -> Bool { left == right && left.utf8.elementsEqual(right.utf8) }
