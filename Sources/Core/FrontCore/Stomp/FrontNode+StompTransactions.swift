import Chat
import Stomp

// BEGIN, COMMIT, ABORT. A transaction speaks to one room and is stored together or not at all (CONTRACT section 3).
extension FrontNode {
    func begin(_ frame: StompFrameView, on connection: StompConnection) {
        guard let name = transactionName(frame, on: connection) else { return }
        let work = connection.working()
        let refusal: ChatError
        if index(ofTransaction: name, on: connection) != nil {
            refusal = ChatError(.alreadyExists, "A transaction of this name is open.")
        } else if work.transactions.count >= settings.transactionsMax {
            refusal = ChatError(.overloaded, "At most \(settings.transactionsMax) transactions at a time.")
        } else {
            work.transactions.append(StompTransaction(name: name))
            receipt(frame.string("receipt"), to: connection)
            return
        }
        refuse(connection, refusal, receipt: frame.string("receipt"), destination: nil)
    }

    func abort(_ frame: StompFrameView, on connection: StompConnection) {
        guard takeTransaction(frame, on: connection) != nil else { return }
        receipt(frame.string("receipt"), to: connection)
    }

    func commit(_ frame: StompFrameView, on connection: StompConnection) {
        guard let transaction = takeTransaction(frame, on: connection) else { return }
        let wanted = frame.string("receipt")
        if let refusal = transaction.spoiled {
            refuse(connection, refusal, receipt: wanted, destination: nil)
            return
        }
        guard transaction.sends.count <= 1 else {
            // Without a command that stores several messages at once, "together or not at all" could not be kept.
            refuse(
                connection,
                ChatError(.invalid, "A transaction holds one SEND at most for now; nothing of it was stored."),
                receipt: wanted, destination: transaction.sends.first?.place.destination)
            return
        }
        for acknowledgement in transaction.acknowledgements { apply(acknowledgement, on: connection) }
        guard let send = transaction.sends.first else {
            receipt(wanted, to: connection)
            return
        }
        carryOut(
            .say(send.message), send.messageID,
            PendingSend(receipt: send.receipt, place: send.place, commit: PendingSend.Commit(receipt: wanted)),
            on: connection)
    }

    /// Keeps a SEND for COMMIT. What is wrong with it spoils the transaction, and COMMIT tells.
    func sendInTransaction(
        _ frame: StompFrameView, _ destination: UnsafeRawBufferPointer, _ person: Person,
        on connection: StompConnection
    ) {
        guard let name = frame.string("transaction"), let index = index(ofTransaction: name, on: connection),
            let work = connection.work
        else {
            refuse(
                connection, .noTransaction, receipt: frame.string("receipt"),
                destination: String(decoding: destination, as: UTF8.self))
            return
        }
        guard work.transactions[index].spoiled == nil else { return }
        do throws(ChatError) {
            let place = try StompPlace(isSend: true, destination: destination)
            guard case .say(let message) = try StompSaying(frame, place: place) else {
                throw ChatError(.invalid, "In a transaction there are only SENDs that say something.")
            }
            try work.transactions[index].keep(
                StompTransaction.Send(
                    message: message, messageID: try messageID(frame, person, room: message.roomID),
                    receipt: frame.string("receipt"), place: place),
                bytes: frame.body.count, settings)
        } catch {
            work.transactions[index].spoil(error)
        }
    }

    func append(
        _ acknowledgement: StompAcknowledgement, toTransaction name: String, _ frame: StompFrameView,
        on connection: StompConnection
    ) {
        guard let index = index(ofTransaction: name, on: connection), let work = connection.work else {
            refuse(connection, .noTransaction, receipt: frame.string("receipt"), destination: nil)
            return
        }
        if work.transactions[index].spoiled == nil {
            do throws(ChatError) {
                try work.transactions[index].keep(acknowledgement, settings)
            } catch {
                work.transactions[index].spoil(error)
            }
        }
        receipt(frame.string("receipt"), to: connection)
    }

    private func transactionName(_ frame: StompFrameView, on connection: StompConnection) -> String? {
        guard let name = frame.string("transaction") else {
            violate(connection, frame, "BEGIN, COMMIT and ABORT name a transaction.")
            return nil
        }
        return name
    }

    private func takeTransaction(_ frame: StompFrameView, on connection: StompConnection) -> StompTransaction? {
        guard let name = transactionName(frame, on: connection) else { return nil }
        guard let index = index(ofTransaction: name, on: connection) else {
            refuse(connection, .noTransaction, receipt: frame.string("receipt"), destination: nil)
            return nil
        }
        return connection.work?.transactions.remove(at: index)
    }

    private func index(ofTransaction name: String, on connection: StompConnection) -> Int? {
        connection.work?.transactions.firstIndex { sameOctets($0.name, name) }
    }
}

extension StompTransaction {
    /// Keeps a SEND. Throws where it is for a second room, or too much.
    fileprivate mutating func keep(_ send: Send, bytes more: Int, _ settings: FrontSettings) throws(ChatError) {
        if let first = sends.first, first.message.roomID != send.message.roomID {
            throw ChatError(.invalid, "A transaction speaks to one room.")
        }
        try checkFrames(settings)
        bytes += more
        guard bytes <= settings.transactionBytesMax else {
            throw ChatError(.tooLarge, "A transaction has at most \(settings.transactionBytesMax) octets.")
        }
        sends.append(send)
    }

    /// Keeps an ACK. Throws where it is too much.
    fileprivate mutating func keep(_ acknowledgement: StompAcknowledgement, _ settings: FrontSettings)
        throws(ChatError)
    {
        try checkFrames(settings)
        acknowledgements.append(acknowledgement)
    }

    private func checkFrames(_ settings: FrontSettings) throws(ChatError) {
        guard sends.count + acknowledgements.count < settings.transactionFramesMax else {
            throw ChatError(.tooLarge, "A transaction has at most \(settings.transactionFramesMax) frames.")
        }
    }
}

extension ChatError {
    fileprivate static let noTransaction = ChatError(.notFound, "No transaction of this name is open.")
}
