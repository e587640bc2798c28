import Foundation
import Synchronization
import TestSupport

/// Somebody who says one thing after another, and says it again under the same key until it is confirmed.
final class Speaker: Sendable {
    /// What was confirmed.
    struct Confirmed: Sendable, Equatable {
        let text: String
        let seq: Int
        let messageID: String
    }

    private struct State {
        var confirmed: [Confirmed] = []
        var repeats = 0
        var isStopped = false
        var trouble: String?
    }

    private let state = Mutex(State())
    private let done = DispatchSemaphore(value: 0)

    /// Speaks through `ports` in turn, beginning with the first.
    init(_ userID: String, room: Int, ports: [UInt16]) {
        Thread.detachNewThread { [self] in
            var turn = 0
            var said = 0
            while !state.withLock({ $0.isStopped }) {
                do {
                    try speak(userID, room, ports[turn % ports.count], &said)
                } catch {
                    state.withLock {
                        $0.trouble = "\(error)"
                        $0.repeats += 1
                    }
                    poll(nil, 0, 100)
                }
                turn += 1
            }
            done.signal()
        }
    }

    var confirmed: [Confirmed] { state.withLock { $0.confirmed } }
    var repeats: Int { state.withLock { $0.repeats } }
    var trouble: String? { state.withLock { $0.trouble } }

    /// Waits until `count` more things are confirmed.
    func confirms(_ count: Int, within seconds: Double) -> Bool {
        let goal = confirmed.count + count
        return Deadline.wait(seconds: seconds, everyMilliseconds: 20) { confirmed.count >= goal }
    }

    func stop() {
        state.withLock { $0.isStopped = true }
        done.wait()
    }

    private func speak(_ userID: String, _ room: Int, _ port: UInt16, _ said: inout Int) throws {
        let client = try StompClient.connected(port: port, userID)
        defer { client.cut() }
        while !state.withLock({ $0.isStopped }) {
            let text = "\(userID) \(said)"
            let receipt = try client.receipt(
                try client.say(text, room: room, key: "\(userID)-\(said)"), within: 12)
            let confirmed = Confirmed(
                text: text, seq: receipt["seq"].flatMap { Int($0) } ?? -1, messageID: receipt["message-id"] ?? "")
            state.withLock { $0.confirmed.append(confirmed) }
            said += 1
        }
    }
}
