package import Chat
import JSON
import Prometheus

extension FrontNode {
    /// Asks a backend. `asker` is the person in whose name; `messageID` marks commands; `waitMilliseconds` is how
    /// long the completion waits: then it hears `not_confirmed` for what may still come about (commands, people's
    /// changes) and `unavailable` for what may not. The completion is called exactly once, never from within this
    /// call but for `overloaded`.
    func ask(
        _ request: Request, asker: String, messageID: MessageID? = nil, waitMilliseconds: Int64,
        traceparent: String? = nil, then completion: @escaping Completion
    ) {
        send(
            request, asker: asker, messageID: messageID, waitMilliseconds: waitMilliseconds, traceparent: traceparent,
            waiter: .call(completion))
    }

    func send(
        _ request: Request, asker: String, messageID: MessageID?, waitMilliseconds: Int64, traceparent: String?,
        waiter: Waiter
    ) {
        guard pending.count < settings.pendingMax else {
            resume(waiter, .failure(ChatError(.overloaded, "Too many requests are waiting; try again soon.")))
            return
        }
        counter += 1
        var headers = RecordHeaders(type: request.type.rawValue)
        headers.correlationID = CorrelationID(boot: settings.boot, counter: counter)
        headers.replyTo = ReplyTo(frontID: settings.frontID, partition: settings.replyPartition)
        headers.userID = asker
        headers.messageID = messageID
        let lifetime = messageID == nil ? waitMilliseconds : settings.commandMilliseconds
        headers.notAfterMilliseconds = clock.wallMilliseconds + lifetime
        headers.traceparent = traceparent
        pending[counter] = PendingRequest(
            messageID: messageID, askedMilliseconds: clock.monotonicMilliseconds, waiter: waiter)
        deadlines.add(counter, milliseconds: waitMilliseconds, now: clock.monotonicMilliseconds)
        actions.append(
            .produce(
                topic: request.type.topic, key: request.key(asker: asker), headers: headers, value: request.value))
    }

    /// A RESPONSE record of this boot came: `headers` with a correlation of ours.
    package func answered(headers: RecordHeaders, value: UnsafeRawBufferPointer) {
        guard let correlation = headers.correlationID, correlation.boot == settings.boot else { return }
        answered(
            counter: correlation.counter, messageID: headers.messageID, type: headers.type,
            isRefused: headers.outcome == .refused, epoch: headers.epoch ?? 1, value: value)
    }

    /// A RESPONSE record came whose correlation names this boot and `counter`; the other arguments are its headers.
    package func answered(
        counter: UInt64, messageID: MessageID?, type: String, isRefused: Bool, epoch: Int64,
        value: UnsafeRawBufferPointer
    ) {
        guard let request = pending[counter] else { return }
        // Of several facts of one command only that with the command's own id answers it; refusals always do.
        if !isRefused, let wanted = request.messageID, messageID != wanted { return }
        pending[counter] = nil
        if case .send = request.waiter {
            counters.sendLatency.record(microseconds: (clock.monotonicMilliseconds - request.askedMilliseconds) * 1000)
        }
        guard isRefused else {
            resume(
                request.waiter,
                .success(Answer(type: type, messageID: messageID, epoch: epoch, value: Array(value))))
            return
        }
        let refusal = (try? JSONParser.parse(value)).flatMap(ChatError.init(json:))
        resume(request.waiter, .failure(refusal ?? ChatError(.internal, "The backend's answer cannot be read.")))
    }

    /// The record of request `counter` did not get into its topic. `maybe`: it may have, all the same.
    package func produceFailed(counter: UInt64, maybe: Bool) {
        guard let request = pending.removeValue(forKey: counter) else { return }
        let refusal =
            maybe
            ? ChatError(.notConfirmed, "It is not known whether this was stored; send it again with the same key.")
            : ChatError(.unavailable, "The message log cannot be reached; try again soon.")
        resume(request.waiter, .failure(refusal))
    }

    /// Ends requests whose time is up.
    func expireRequests() {
        let expired = deadlines.takeExpired(now: clock.monotonicMilliseconds) { pending[$0] != nil }
        for counter in expired {
            guard let request = pending.removeValue(forKey: counter) else { continue }
            let refusal =
                request.messageID != nil
                ? ChatError(
                    .notConfirmed, "It is not known yet whether this was stored; send it again with the same key.")
                : ChatError(.unavailable, "No backend answered in time; try again soon.")
            resume(request.waiter, .failure(refusal))
        }
    }

    private func resume(_ waiter: Waiter, _ result: Result<Answer, ChatError>) {
        switch waiter {
        case .call(let completion): completion(result)
        case .send(let send): sendAnswered(send, result)
        }
    }
}
