import Foundation
import Synchronization
import TestSupport

/// Somebody who wants every event of a room and comes back with `since` whenever the connection ends.
final class Subscriber: Sendable {
    /// What came, in the order it came, over all connections.
    struct Event: Sendable, Equatable {
        let seq: Int
        let messageID: String
        let text: String?
    }

    private struct State {
        var events: [Event] = []
        var connections = 0
        var isStopped = false
        var trouble: String?
    }

    private let state = Mutex(State())
    private let done = DispatchSemaphore(value: 0)

    /// Tries `ports` in turn, beginning with the first.
    init(_ userID: String, room: Int, ports: [UInt16]) {
        Thread.detachNewThread { [self] in
            var turn = 0
            while !state.withLock({ $0.isStopped }) {
                do {
                    try follow(userID, room, ports[turn % ports.count])
                } catch {
                    state.withLock { $0.trouble = "\(error)" }
                    poll(nil, 0, 100)
                }
                turn += 1
            }
            done.signal()
        }
    }

    var events: [Event] { state.withLock { $0.events } }
    var connections: Int { state.withLock { $0.connections } }
    var trouble: String? { state.withLock { $0.trouble } }

    /// Waits until the event `seq` is there.
    func reaches(_ seq: Int, within seconds: Double) -> Bool {
        Deadline.wait(seconds: seconds, everyMilliseconds: 20) { (events.last?.seq ?? 0) >= seq }
    }

    func stop() {
        state.withLock { $0.isStopped = true }
        done.wait()
    }

    private func follow(_ userID: String, _ room: Int, _ port: UInt16) throws {
        let client = try StompClient.connected(port: port, userID)
        defer { client.cut() }
        try client.subscribe("/sub/chat/room/\(room)", since: events.last?.seq ?? 0)
        state.withLock { $0.connections += 1 }
        var taken = 0
        while !state.withLock({ $0.isStopped }) {
            let isOver = client.isOver
            let frames = client.frames
            for frame in frames[taken...] where frame.command == "MESSAGE" { take(frame) }
            taken = frames.count
            if isOver { return }
            poll(nil, 0, 5)
        }
    }

    private func take(_ frame: StompFrame) {
        let seq = frame["seq"].flatMap { Int($0) } ?? -1
        let event = Event(
            seq: seq, messageID: frame["message-id"] ?? "", text: frame.json["message"] as? String)
        state.withLock { $0.events.append(event) }
    }
}
