import Client
import Flags
import Linux

/// `madang chat`.
enum ChatCommand {
    private static let url = Flag(
        "url", .url(["http", "ws"]), default: "http://127.0.0.1:8081",
        help: "A front: http://HOST:PORT or ws://HOST:PORT/PATH.")
    private static let user = Flag("user", .text("NAME", such: "alice"), without: "asked for", help: "Who logs in.")
    private static let room = Flag(
        "room", .number(1...Int.max), without: "the rooms are listed", help: "The room to enter at once.")
    private static let history = Flag(
        "history", .number(0...1000), default: "\(ChatConfiguration().historyEvents)",
        help: "How many events of the past are shown.")
    private static let signUp = Flag(
        "sign-up", .switch, default: "false", help: "Makes the account where it does not exist, without asking.")

    static let declaration = Command(
        "chat", summary: "A STOMP client for the terminal.",
        details: ["The password comes from MADANG_PASSWORD, else it is asked for. /help tells what it understands."],
        flags: [url.declaration, user.declaration, room.declaration, history.declaration, signUp.declaration]
    ) { values throws(Misuse) in
        var configuration = ChatConfiguration(
            url: values[url], user: values[user], room: values[room].map { Int64($0) })
        configuration.password = Environment.value("MADANG_PASSWORD")
        configuration.signsUp = values[signUp]
        configuration.historyEvents = values[history]
        return ChatClient.run(configuration)
    }
}
