/// A process that `madang up` looks after.
struct Child: Hashable, Sendable, CustomStringConvertible {
    /// What it does.
    enum Role: Sendable { case broker, postgres, topics, migrate, backend, front }

    let role: Role
    /// 1 and up for backends and fronts, else 0.
    let number: Int

    init(_ role: Role, _ number: Int = 0) {
        self.role = role
        self.number = number
    }

    /// The name of its pid file and log: `front-1`, `broker`.
    var description: String {
        switch role {
        case .broker: "broker"
        case .postgres: "postgres"
        case .topics: "topics"
        case .migrate: "migrate"
        case .backend: "backend-\(number)"
        case .front: "front-\(number)"
        }
    }

    /// Whether it does one thing and ends.
    var endsByItself: Bool { role == .topics || role == .migrate }
}

/// How long to wait before a child is started again: from 0.2 s, twice as long each time, to 5 s (CONTRACT section 1).
struct Backoff: Equatable, Sendable {
    static let firstMilliseconds = 200
    static let lastMilliseconds = 5000
    /// Who ran so long is not failing; the next wait is the first again.
    static let steadyMilliseconds = 20_000

    private var nextMilliseconds = firstMilliseconds

    /// The wait after a child that ran for so long.
    mutating func wait(afterRunning milliseconds: Int) -> Int {
        if milliseconds >= Backoff.steadyMilliseconds { nextMilliseconds = Backoff.firstMilliseconds }
        defer { nextMilliseconds = min(nextMilliseconds * 2, Backoff.lastMilliseconds) }
        return nextMilliseconds
    }
}
