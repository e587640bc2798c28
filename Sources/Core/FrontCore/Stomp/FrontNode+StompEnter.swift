import Chat
import JSON
import Stomp

// SENDs that say nothing: entering a room, moving one's read position.
extension FrontNode {
    /// Enters: whoever is no member of an open room becomes one first. `messageID` is that command's.
    func enter(_ roomID: RoomID, _ messageID: MessageID, _ pending: PendingSend, on connection: StompConnection) {
        guard let person = connection.person else { return }
        let waiter = SendWaiter(connection: connection.id, number: expectAnswer(pending, on: connection))
        askToEnter(roomID, person) { [self] answer in
            guard answer.role == nil, answer.kind == .open else {
                entered(waiter, .success(answer))
                return
            }
            join(roomID, messageID, person, waiter)
        } refused: { [self] in
            entered(waiter, .failure($0))
        }
        balance(connection)
    }

    private func askToEnter(
        _ roomID: RoomID, _ person: Person, then completion: @escaping (EnterAnswer) -> Void,
        refused: @escaping (ChatError) -> Void
    ) {
        ask(
            .question(.enter(roomID: roomID)), asker: person.userID, waitMilliseconds: settings.questionMilliseconds
        ) { result in
            do throws(ChatError) {
                completion(try EnterAnswer(try result.get()))
            } catch {
                refused(error)
            }
        }
    }

    /// Becomes a member, then asks once more where the room stands: its JOIN moved it.
    private func join(_ roomID: RoomID, _ messageID: MessageID, _ person: Person, _ waiter: SendWaiter) {
        ask(
            .command(.addMembers(roomID: roomID, userIDs: [person.userID])), asker: person.userID,
            messageID: messageID, waitMilliseconds: settings.commandMilliseconds
        ) { [self] result in
            switch result {
            case .success:
                askToEnter(roomID, person) { [self] in
                    entered(waiter, .success($0))
                } refused: { [self] in
                    entered(waiter, .failure($0))
                }
            case .failure(let refusal): entered(waiter, .failure(refusal))
            }
        }
    }

    /// ENTERED goes to the connection's subscription to the room, else to its notifications, else into the RECEIPT.
    private func entered(_ waiter: SendWaiter, _ result: Result<EnterAnswer, ChatError>) {
        guard let (connection, pending) = takePending(waiter) else { return }
        switch result {
        case .failure(let refusal):
            refuse(connection, refusal, receipt: pending.receipt, destination: pending.place.destination)
        case .success(let answer): tell(answer, pending, on: connection)
        }
        answered(on: connection)
    }

    private func tell(_ answer: EnterAnswer, _ pending: PendingSend, on connection: StompConnection) {
        let room = connection.subscriptions.firstIndex { $0.roomID == answer.roomID && $0.stage != .ended }
        guard let index = room ?? connection.index(queue: "/user/queue/notifications") else {
            guard let wanted = pending.receipt else { return }
            var writer = StompWriter(version: connection.version ?? .v1_0, reserving: 96)
            writer.begin(.receipt)
            writer.header("receipt-id", wanted)
            writer.header("last-read-seq", decimal: Int(answer.lastReadSeq))
            writer.header("last-seq", decimal: Int(answer.lastSeq))
            writer.end()
            transmit(writer.take(), to: connection)
            return
        }
        var body = JSONWriter()
        body.beginObject()
        body.member("type", "ENTERED")
        body.member("roomId", answer.roomID)
        body.member("lastReadSeq", answer.lastReadSeq)
        body.member("lastSeq", answer.lastSeq)
        body.endObject()
        sendPassing(body.bytes, on: index, of: connection)
        receipt(pending.receipt, to: connection)
    }

    /// Moves the read position; the RECEIPT comes when it is stored.
    func moveRead(
        _ roomID: RoomID, _ seq: Seq, _ messageID: MessageID, _ pending: PendingSend, on connection: StompConnection
    ) {
        guard let person = connection.person else { return }
        let waiter = SendWaiter(connection: connection.id, number: expectAnswer(pending, on: connection))
        ask(
            .command(.moveRead(roomID: roomID, seq: seq)), asker: person.userID, messageID: messageID,
            waitMilliseconds: settings.commandMilliseconds
        ) { [self] result in
            guard let (connection, pending) = takePending(waiter) else { return }
            switch result {
            case .success: receipt(pending.receipt, to: connection)
            case .failure(let refusal):
                refuse(connection, refusal, receipt: pending.receipt, destination: pending.place.destination)
            }
            answered(on: connection)
        }
        balance(connection)
    }
}
