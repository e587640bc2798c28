import Foundation
import TestSupport
import Testing

/// Two people who speak, and as many who listen, in one room while something breaks; afterwards all is compared.
final class Conversation {
    let room: Int
    let speakers: [Speaker]
    let subscribers: [Subscriber]
    private let system: MadangSystem

    /// alice begins at front 1, bob at front 2; each goes to the other front when its own is gone.
    init(_ system: MadangSystem, fronts: Int = 2) throws {
        self.system = system
        let alice = try HTTPCaller(port: system.httpPort).loggedIn("alice")
        room = try Shared.room(alice, with: ["bob"])
        let ports = (0..<UInt16(fronts)).map { system.httpPort + $0 }
        let reversed = Array(ports.reversed())
        subscribers = [
            Subscriber("alice", room: room, ports: ports), Subscriber("bob", room: room, ports: reversed),
        ]
        speakers = [Speaker("alice", room: room, ports: ports), Speaker("bob", room: room, ports: reversed)]
    }

    /// Both have said `count` more, confirmed.
    func goesOn(_ count: Int = 20, within seconds: Double = 40) throws {
        for speaker in speakers where !speaker.confirms(count, within: seconds) {
            throw Wire.Failure(description: "nothing is confirmed any more: \(speaker.trouble ?? "no reason known")")
        }
    }

    /// Ends it and holds what people saw against the database (GUARANTEES, I1 to I6).
    func check(within seconds: Double = 40) throws {
        for speaker in speakers { speaker.stop() }
        let rows = try system.query(
            "select seq, message_id, body from chat.message where room_id = \(room) order by seq")
        let last = try #require(rows.last?.split(separator: "|").first.flatMap { Int($0) })
        for subscriber in subscribers {
            #expect(subscriber.reaches(last, within: seconds), "\(subscriber.trouble ?? "")")
            subscriber.stop()
            let events = subscriber.events
            #expect(
                events.map(\.seq) == Array(1...last),
                "each seq once, in order, over \(subscriber.connections) connections")
            #expect(events.map { "\($0.seq)|\($0.messageID)|\($0.text ?? "")" } == rows)
        }
        let stored = Set(rows)
        for speaker in speakers {
            let confirmed = speaker.confirmed
            for message in confirmed { #expect(stored.contains("\(message.seq)|\(message.messageID)|\(message.text)")) }
            #expect(zip(confirmed, confirmed.dropFirst()).allSatisfy { $0.seq < $1.seq })
        }
        let texts = rows.compactMap { $0.split(separator: "|").last }
        #expect(Set(texts).count == texts.count, "each key once")
        let lastSeq = try system.query("select last_seq from chat.room where room_id = \(room)")
        #expect(lastSeq == ["\(last)"])
    }
}
