import Foundation
import Synchronization
import TestSupport

/// One system with two fronts that the suites without faults share; each test uses people and rooms of its own.
enum Shared {
    private static let started = Result { try MadangSystem(["--demo", "--fronts", "2"]) }
    private static let counter = Atomic<Int>(0)

    static func system() throws -> MadangSystem { try started.get() }

    /// An anonymous caller of front 1 or 2.
    static func front(_ number: Int = 1) throws -> HTTPCaller {
        HTTPCaller(port: try system().httpPort + UInt16(number - 1))
    }

    /// A userId nobody has.
    static func newID(_ prefix: String = "p") -> String {
        "\(prefix)\(counter.add(1, ordering: .relaxed).newValue)"
    }

    /// A new person at front 1, with the userId.
    static func person() throws -> (id: String, call: HTTPCaller) {
        let id = newID()
        return (id, try front().newPerson(id))
    }

    /// A room that `owner` makes, with these others in it.
    static func room(_ owner: HTTPCaller, kind: String = "group", with others: [String] = []) throws -> Int {
        let list = others.map { "\"\($0)\"" }.joined(separator: ",")
        let answer = try owner("POST", "/rooms", "{\"roomName\":\"r\",\"kind\":\"\(kind)\",\"userIds\":[\(list)]}")
        guard let room = answer.json["roomId"] as? Int else {
            throw Wire.Failure(description: "no room: \(answer.status) \(answer.body)")
        }
        return room
    }
}

/// A JSON text of a dictionary.
func json(_ object: [String: Any]) -> String {
    String(decoding: (try? JSONSerialization.data(withJSONObject: object)) ?? Data(), as: UTF8.self)
}
