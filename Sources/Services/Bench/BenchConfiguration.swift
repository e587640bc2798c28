/// What `madang bench` does, and to whom.
package struct BenchConfiguration: Sendable {
    /// A front: `http` of `madang up`.
    package struct Front: Sendable, Equatable, CustomStringConvertible {
        /// A name or an address.
        package let host: String
        package let port: UInt16

        /// The front that listens there.
        package init(host: String, port: UInt16) {
            self.host = host
            self.port = port
        }

        package var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
    }

    /// The kinds of load.
    package enum Scenario: String, Sendable, CaseIterable {
        /// Every sender keeps `outstanding` messages on their way, spread over all rooms.
        case rooms
        /// One message at a time, `rate` a second over all senders.
        case latency
        /// As `rooms`, in one room.
        case hot
    }

    /// Connections are spread over these.
    package var fronts: [Front] = [Front(host: "127.0.0.1", port: 8081)]
    /// In the order they run.
    package var scenarios: [Scenario] = Scenario.allCases
    /// How long each scenario counts, after `warmUpSeconds`.
    package var seconds = 10
    /// Load before anything counts.
    package var warmUpSeconds = 2
    package var rooms = 100
    /// Of each room.
    package var subscribers = 2
    package var senders = 50
    /// Messages of one sender that are not confirmed yet.
    package var outstanding = 4
    /// Messages a second of `latency`.
    package var rate = 500
    /// The text of a message.
    package var messageBytes = 200
    /// Where the report goes: `bench.json` and a histogram as SVG for each scenario; nil: none.
    package var outputFolder: String?
    /// The folder of `madang up`, whose `run/*.pid` name the processes whose CPU is counted; nil: none is.
    package var dataFolder: String?

    /// The defaults.
    package init() {}
}

/// Why a bench could not be run.
package struct BenchFailure: Error, Sendable, CustomStringConvertible {
    package let description: String

    /// A failure that `description` explains.
    init(_ description: String) { self.description = description }
}
