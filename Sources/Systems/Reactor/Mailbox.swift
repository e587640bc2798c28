package import Linux
import Synchronization

/// How other threads reach a reactor: they post, it wakes once, and takes all that is there.
package final class Mailbox<Message: Sendable>: Sendable {
    private struct State {
        var messages: [Message] = []
        var stopWanted = false
    }

    private let state = Mutex(State())
    let event: EventDescriptor

    /// An empty mailbox. Throws where the system has no descriptor left.
    package init() throws(SystemError) { event = try EventDescriptor() }

    deinit { event.close() }

    /// Puts a message in; any thread, never waits for long.
    package func post(_ message: Message) {
        let wasEmpty = state.withLock { state in
            state.messages.append(message)
            return state.messages.count == 1
        }
        if wasEmpty { event.signal() }
    }

    /// Puts many in, with one wake.
    package func post(contentsOf messages: [Message]) {
        guard !messages.isEmpty else { return }
        let wasEmpty = state.withLock { state in
            let wasEmpty = state.messages.isEmpty
            state.messages.append(contentsOf: messages)
            return wasEmpty
        }
        if wasEmpty { event.signal() }
    }

    /// Ends the reactor's `run()` at the end of its turn; any thread.
    package func stop() {
        state.withLock { $0.stopWanted = true }
        event.signal()
    }

    /// Swaps all messages into `messages`, which comes in empty and lends its memory; returns whether to stop.
    func take(into messages: inout [Message]) -> Bool {
        event.clear()
        var taken = messages
        messages = []
        let stop = state.withLock { state in
            swap(&state.messages, &taken)
            return state.stopWanted
        }
        messages = taken
        return stop
    }
}
