import Linux
import Testing

@testable import Client

@Suite struct ChatScreenTests {
    private final class Paper {
        var text = ""
    }

    @Test func betweenPipesEachLineComesOnce() {
        let paper = Paper()
        var screen = ChatScreen(isTerminal: false) { paper.text += $0 }
        screen.showPending("k", "12:30 … A: hi")
        screen.confirm("k", "12:30 A: hi")
        screen.show("12:31 B: ho")
        #expect(paper.text == "12:30 A: hi\n12:31 B: ho\n")
    }

    @Test func onATerminalTheConfirmedLineReplacesThePendingOne() {
        let paper = Paper()
        var screen = ChatScreen(isTerminal: true) { paper.text += $0 }
        screen.showPending("k", "… hi")
        screen.confirm("k", "hi")
        #expect(paper.text == "\u{1B}[1A\r\u{1B}[2K… hi\n\u{1B}[1A\r\u{1B}[2Khi\n")
        paper.text = ""
        screen.showPending("l", "… ho")
        screen.show("B: between")
        screen.confirm("l", "ho")
        #expect(paper.text == "\u{1B}[1A\r\u{1B}[2K… ho\nB: between\nho\n")
    }

    @Test func linesComeAsTheyAreComplete() throws {
        let (reading, writing) = try Descriptor.pipe()
        defer { Descriptor.close(reading) }
        var reader = LineReader(descriptor: reading)
        Output.write("one\ntw", to: writing)
        #expect(reader.read() == ["one"])
        Output.write("o\r\n\nthree", to: writing)
        #expect(reader.read() == ["two", ""])
        Descriptor.close(writing)
        #expect(reader.read() == ["three"])
        #expect(reader.isAtEnd)
    }

    @Test func clockReadsCreatedAt() {
        let text = Terminal.clock("2026-11-21T04:10:00.123Z")
        #expect(text.count == 5)
        // Zones are whole quarters of an hour away from UTC.
        #expect(text.hasSuffix(":10") || text.hasSuffix(":40") || text.hasSuffix(":25") || text.hasSuffix(":55"))
        #expect(Terminal.clock("").count == 5)
        #expect(Terminal.clock("0000000000T00000").count == 5)
    }
}
