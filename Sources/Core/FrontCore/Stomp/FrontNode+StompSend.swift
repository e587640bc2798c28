import Chat
import Crypto
import Stomp

// SEND: from the frame to the command, and its answer.
extension FrontNode {
    func send(_ frame: StompFrameView, on connection: StompConnection) {
        guard let destination = frame.value("destination") else {
            violate(connection, frame, "SEND has a destination.")
            return
        }
        guard let person = connection.person else { return }
        if frame.value("transaction") != nil {
            sendInTransaction(frame, destination, person, on: connection)
            return
        }
        do throws(ChatError) {
            let place = try StompPlace(isSend: true, destination: destination)
            let saying = try StompSaying(frame, place: place)
            let pending = PendingSend(receipt: frame.string("receipt"), place: place, commit: nil)
            carryOut(saying, try messageID(frame, person, room: saying.roomID), pending, on: connection)
        } catch {
            refuse(
                connection, error, receipt: frame.string("receipt"),
                destination: String(decoding: destination, as: UTF8.self))
        }
    }

    /// The id of a command: derived from the idempotency key where there is one. Throws `bad_request` for a key that is
    /// none.
    func messageID(_ frame: StompFrameView, _ person: Person, room: RoomID) throws(ChatError) -> MessageID {
        guard let text = frame.string("idempotency-key") else { return newMessageID() }
        let key = try Validation.idempotencyKey(text)
        let digest = SHA256.hash(MessageID.keyInput(scope: room, userID: person.userID, key: key))
        return MessageID(digest: digest) ?? newMessageID()
    }

    /// Sends a message on its way to a backend. The answer comes to `sendAnswered`.
    func say(
        _ message: MessageSend, _ messageID: MessageID, _ pending: PendingSend, on connection: StompConnection
    ) {
        guard let person = connection.person else { return }
        stompCounters.sends += 1
        let number = expectAnswer(pending, on: connection)
        send(
            .command(.send(message)), asker: person.userID, messageID: messageID,
            waitMilliseconds: settings.commandMilliseconds, traceparent: nil,
            waiter: .send(SendWaiter(connection: connection.id, number: number)))
        balance(connection)
    }

    /// Notes that an answer is awaited; returns its number.
    func expectAnswer(_ pending: PendingSend, on connection: StompConnection) -> UInt64 {
        connection.sendsMade += 1
        connection.working().sends[connection.sendsMade] = pending
        return connection.sendsMade
    }

    /// Takes what waited for an answer; nil where its connection is gone.
    func takePending(_ waiter: SendWaiter) -> (StompConnection, PendingSend)? {
        guard let connection = stomp.connections[waiter.connection],
            let pending = connection.work?.sends.removeValue(forKey: waiter.number)
        else { return nil }
        return (connection, pending)
    }

    /// After an answer: goes on with what waited for it.
    func answered(on connection: StompConnection) {
        finishDisconnect(connection)
        balance(connection)
    }

    func sendAnswered(_ waiter: SendWaiter, _ result: Result<Answer, ChatError>) {
        guard let (connection, pending) = takePending(waiter) else { return }
        switch result {
        case .success(let answer):
            storedReceipt(pending.receipt, answer, to: connection)
            receipt(pending.commit?.receipt, to: connection)
        case .failure(let refusal):
            // Of a transaction, COMMIT alone tells.
            let receipt = pending.commit.map { $0.receipt } ?? pending.receipt
            refuse(connection, refusal, receipt: receipt, destination: pending.place.destination)
        }
        answered(on: connection)
    }

    /// RECEIPT means stored: with the message's id, seq and epoch.
    private func storedReceipt(_ receipt: String?, _ answer: Answer, to connection: StompConnection) {
        guard let receipt else { return }
        var writer = StompWriter(version: connection.version ?? .v1_0, reserving: 160)
        writer.begin(.receipt)
        writer.header("receipt-id", receipt)
        if let messageID = answer.messageID { writer.header("message-id", messageID.description) }
        if let seq = StompSeq.of(answer) { writer.header("seq", decimal: Int(seq)) }
        writer.header("epoch", decimal: Int(answer.epoch))
        writer.end()
        transmit(writer.take(), to: connection)
    }
}

/// The seq in an answer.
enum StompSeq {
    /// Scans the head of the fact; reads all of it where that is not as we write it.
    static func of(_ answer: Answer) -> Seq? {
        if let seq = answer.value.withUnsafeBytes({ EventScan($0)?.seq }) { return seq }
        return try? Fields(answer: answer).optionalInteger("seq")
    }
}
