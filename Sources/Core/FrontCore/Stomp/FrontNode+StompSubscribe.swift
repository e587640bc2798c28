import Chat
import Stomp

// SUBSCRIBE and UNSUBSCRIBE (STOMP 1.2, SUBSCRIBE; CONTRACT section 3).
extension FrontNode {
    func subscribe(_ frame: StompFrameView, on connection: StompConnection) {
        guard let destination = frame.value("destination") else {
            violate(connection, frame, "SUBSCRIBE has a destination.")
            return
        }
        let id = frame.string("id")
        // STOMP 1.1 and 1.2: an id is required; in 1.0 the destination names the subscription.
        guard id != nil || connection.version == .v1_0 else {
            violate(connection, frame, "SUBSCRIBE has an id.")
            return
        }
        do throws(ChatError) {
            let place = try StompPlace(isSend: false, destination: destination)
            try makeRoom(id: id, place: place, on: connection)
            let since = try number("since", in: frame)
            let epoch = try number("epoch", in: frame)
            connection.subscriptionsMade += 1
            let subscription = StompSubscription(
                number: connection.subscriptionsMade, id: id, place: place,
                acknowledgement: try acknowledgement(frame), stage: .standing)
            add(subscription, to: connection, since: since, epoch: epoch, receipt: frame.string("receipt"))
        } catch {
            refuse(
                connection, error, receipt: frame.string("receipt"),
                destination: String(decoding: destination, as: UTF8.self))
        }
    }

    /// Throws where the name is taken or there are too many. One that its room took away gives its name free.
    private func makeRoom(id: String?, place: StompPlace, on connection: StompConnection) throws(ChatError) {
        if let index = find(id: id, place: place, on: connection) {
            guard connection.subscriptions[index].stage == .ended else {
                throw ChatError(.alreadyExists, "There is a subscription of this id.")
            }
            connection.subscriptions.remove(at: index)
        }
        guard connection.subscriptions.count < settings.subscriptionsPerConnectionMax else {
            throw ChatError(
                .overloaded, "At most \(settings.subscriptionsPerConnectionMax) subscriptions of a connection.")
        }
    }

    private func find(id: String?, place: StompPlace, on connection: StompConnection) -> Int? {
        if let id { return connection.index(id: id) }
        return connection.subscriptions.firstIndex { $0.id == nil && $0.place == place }
    }

    private func number(_ name: StaticString, in frame: StompFrameView) throws(ChatError) -> Int64? {
        guard let text = frame.value(name) else { return nil }
        guard let number = Decimal.unsigned(text).flatMap(Int64.init(exactly:)) else {
            throw ChatError(.badRequest, "The header \(name) is no decimal number.")
        }
        return number
    }

    private func acknowledgement(_ frame: StompFrameView) throws(ChatError) -> StompSubscription.Acknowledgement {
        guard let mode = frame.string("ack") else { return .auto }
        switch mode {
        case "auto": return .auto
        case "client": return .cumulative
        case "client-individual": return .individual
        default: throw ChatError(.badRequest, "The header ack is auto, client or client-individual.")
        }
    }

    private func add(
        _ subscription: StompSubscription, to connection: StompConnection, since: Int64?, epoch: Int64?,
        receipt wanted: String?
    ) {
        guard let roomID = subscription.roomID, let person = connection.person else {
            connection.subscriptions.append(subscription)
            receipt(wanted, to: connection)
            return
        }
        var subscription = subscription
        subscription.stage = .asking
        connection.subscriptions.append(subscription)
        // updateValue, as a nil receipt is a value here.
        connection.working().subscribing.updateValue(wanted, forKey: subscription.number)
        subscribe(
            SubscriptionRequest(
                key: SubscriptionKey(connection: connection.id, number: subscription.number), roomID: roomID,
                person: person, transport: connection.transport,
                head: subscription.head(version: connection.version ?? .v1_0),
                acknowledges: subscription.acknowledgement != .auto, since: since, epoch: epoch))
        balance(connection)
    }

    func unsubscribe(_ frame: StompFrameView, on connection: StompConnection) {
        let id = frame.string("id")
        guard id != nil || connection.version == .v1_0 && frame.value("destination") != nil else {
            violate(connection, frame, "UNSUBSCRIBE has an id.")
            return
        }
        let found = id.map { connection.index(id: $0) } ?? byDestination(frame, on: connection)
        guard let index = found else {
            refuse(
                connection, ChatError(.notFound, "There is no such subscription."), receipt: frame.string("receipt"),
                destination: frame.string("destination"))
            return
        }
        let subscription = connection.subscriptions.remove(at: index)
        connection.unacknowledged -= Int32(subscription.window.count)
        if let roomID = subscription.roomID, subscription.stage != .ended {
            unsubscribe(SubscriptionKey(connection: connection.id, number: subscription.number), roomID: roomID)
        }
        // A SUBSCRIBE that was still under way is done with, too: nothing of it can be missed any more.
        if let waiting = connection.work?.subscribing.removeValue(forKey: subscription.number) {
            receipt(waiting, to: connection)
        }
        releaseSends(of: connection)
        receipt(frame.string("receipt"), to: connection)
        windowsOpened(on: connection)
        balance(connection)
    }

    /// STOMP 1.0, UNSUBSCRIBE: by the destination where there was no id.
    private func byDestination(_ frame: StompFrameView, on connection: StompConnection) -> Int? {
        guard let destination = frame.value("destination"),
            let place = try? StompPlace(isSend: false, destination: destination)
        else { return nil }
        return connection.subscriptions.firstIndex { $0.id == nil && $0.place == place }
    }
}
