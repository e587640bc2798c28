import Glibc

/// Shows lines: plainly one below the other, or, on a terminal, with one's own lines marked until they are confirmed.
struct ChatScreen {
    private let isTerminal: Bool
    private let print: (String) -> Void
    /// The pending line that is still the last one on the screen, and how many rows it takes.
    private var last: (key: String, rows: Int)?

    init(isTerminal: Bool, print: @escaping (String) -> Void) {
        self.isTerminal = isTerminal
        self.print = print
    }

    /// A line that stays.
    mutating func show(_ text: String) {
        last = nil
        print(text + "\n")
    }

    /// One's own line, on its way. The line as it was typed, just above, gives way to it.
    mutating func showPending(_ key: String, _ text: String) {
        guard isTerminal else { return }
        print("\u{1B}[1A\r\u{1B}[2K" + text + "\n")
        // Where it wraps is not known; then it stays, and the confirmed one comes below.
        last = text.count < 60 && !text.contains("\n") ? (key, 1) : nil
    }

    /// One's own line, as it stands in the room.
    mutating func confirm(_ key: String, _ text: String) {
        let replaces = last?.key == key
        last = nil
        print((isTerminal && replaces ? "\u{1B}[1A\r\u{1B}[2K" : "") + text + "\n")
    }
}
