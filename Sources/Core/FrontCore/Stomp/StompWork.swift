import Chat
import Stomp

/// What a connection has under way; idle ones have none of it.
final class StompWork {
    /// SENDs that wait for their answer, by number.
    var sends: [UInt64: PendingSend] = [:]
    /// SUBSCRIBEs that wait for their room, by the number of the subscription, with their `receipt`.
    var subscribing: [UInt32: String?] = [:]
    /// SENDs that wait for one of these, in their order.
    var heldSends: [HeldSend] = []
    var transactions: [StompTransaction] = []
    /// What the client calls itself, until it is logged in.
    var client = ""
    /// Frames that came while the log-in was under way.
    var held: [StompFrame] = []
    var heldBytes = 0
    /// DISCONNECT came; its `receipt`.
    var disconnectReceipt: String?

    /// Frames that wait for an answer.
    var waiting: Int { sends.count + subscribing.count + heldSends.count }

    var isEmpty: Bool { waiting == 0 && transactions.isEmpty && held.isEmpty }
}

/// A SEND whose answer is awaited.
struct PendingSend {
    /// The header `receipt`.
    let receipt: String?
    /// Where it was sent.
    let place: StompPlace
    /// Of a SEND in a transaction: the COMMIT that sent it.
    let commit: Commit?

    /// The COMMIT of a transaction that waits for its SEND.
    struct Commit {
        /// The header `receipt` of COMMIT.
        let receipt: String?
    }
}

/// What came between BEGIN and COMMIT.
struct StompTransaction {
    /// The client's name for it.
    let name: String
    var sends: [Send] = []
    var acknowledgements: [StompAcknowledgement] = []
    /// Octets of the bodies of its SENDs.
    var bytes = 0
    /// Why it cannot be committed any more.
    var spoiled: ChatError?

    /// A SEND that waits for COMMIT.
    struct Send {
        let message: MessageSend
        let messageID: MessageID
        let receipt: String?
        let place: StompPlace
    }

    /// One that holds nothing yet.
    init(name: String) { self.name = name }

    /// Makes COMMIT fail with the first reason there was, and lets go of what was kept.
    mutating func spoil(_ refusal: ChatError) {
        spoiled = spoiled ?? refusal
        sends = []
        acknowledgements = []
    }
}

/// An ACK or NACK that was understood: of which subscription, and which message.
struct StompAcknowledgement {
    let subscription: UInt32
    /// The message; all before it too where the subscription is cumulative.
    let seq: Seq
    /// The message is none of the room's events (ENTERED and the like): it is in no window itself.
    let isPassing: Bool
}
