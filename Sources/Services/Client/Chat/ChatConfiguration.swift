/// What `madang chat` is told.
package struct ChatConfiguration: Sendable {
    /// The front: `http://HOST:PORT` or `ws://HOST:PORT/PATH`.
    package var url: String
    /// Who logs in; nil: asked for on a terminal.
    package var user: String?
    /// The room to enter; nil: the rooms are listed, and `/join` enters one.
    package var room: Int64?
    /// The password; nil: asked for on a terminal, without an echo.
    package var password: String?
    /// Makes the account where it does not exist, without asking.
    package var signsUp: Bool
    /// How many events of the past are shown.
    package var historyEvents: Int
    /// How long the end waits for what is not confirmed yet, when the input ends.
    package var confirmMillisecondsMax: Int
    /// As above, on SIGINT and SIGTERM: the process must be gone within 15 s.
    package var signalMillisecondsMax: Int

    /// The front of this machine, and nothing known of the user.
    package init(url: String = "http://127.0.0.1:8081", user: String? = nil, room: Int64? = nil) {
        self.url = url
        self.user = user
        self.room = room
        password = nil
        signsUp = false
        historyEvents = 50
        confirmMillisecondsMax = 40_000
        signalMillisecondsMax = 10_000
    }
}
