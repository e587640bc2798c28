import Stomp
import Testing

/// STOMP 1.2, "STOMP Frames", a test for each sentence that binds a receiver of frames.
@Suite("STOMP 1.2, STOMP Frames")
struct Stomp12FrameTests {
    @Test("A frame: command, headers, blank line, body, NULL octet")
    func structure() throws {
        let frame = try frame("SEND\nheader1:value1\nheader2:value2\n\nBody^@")
        #expect(frame.command == .send)
        #expect(frame["header1"] == "value1")
        #expect(frame["header2"] == "value2")
        #expect(frame.headerCount == 2)
        #expect(frame.bodyText == "Body")
    }

    @Test("An end of line is an OPTIONAL carriage return and a REQUIRED line feed")
    func ends() throws {
        let frame = try frame("\r\n\nSEND\r\ndestination:/a\nx:y\r\n\r\nBody\r\n^@\r\n\n")
        #expect(frame["destination"] == "/a")
        #expect(frame["x"] == "y")
        #expect(frame.bodyText == "Body\r\n")
        #expect(parse("\rSEND\n\n^@").error?.kind == .malformed)
    }

    @Test("Following the command are zero or more header entries")
    func noHeaders() throws {
        #expect(try frame("DISCONNECT\n\n^@").headerCount == 0)
    }

    @Test("The NULL octet can be followed by multiple ends of line")
    func endsBehind() {
        let parsed = parse("DISCONNECT\n\n^@\n\r\n\n\nDISCONNECT\n\n^@\n")
        #expect(parsed.frames.map(\.command) == [.disconnect, .disconnect])
        #expect(parsed.error == nil)
    }

    @Test("Commands and header names are case sensitive")
    func cases() throws {
        #expect(try frame("send\n\n^@").command == .unknown)
        #expect(String(decoding: try frame("send\n\n^@").commandName, as: UTF8.self) == "send")
        let frame = try frame("SEND\nDestination:/a\n\n^@")
        #expect(frame["destination"] == nil)
        #expect(frame["Destination"] == "/a")
    }

    @Test("Every command of the grammar is known")
    func commands() throws {
        for command in StompCommand.allCases where command != .unknown {
            #expect(try frame("\(command.name)\n\n^@").command == command)
        }
        #expect(try frame("SENDER\n\n^@").command == .unknown)
        #expect(try frame("SEN\n\n^@").command == .unknown)
    }

    @Test("Value Encoding: commands and headers are UTF-8")
    func utf8() throws {
        #expect(try frame("SEND\n방:이름\n\n^@").header(at: 0) == ("방", "이름"))
        for bad: [UInt8] in [
            [0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xE3, 0x81], [0x80],
            [0xE0, 0x80, 0x80], [0xF0, 0x80, 0x80, 0x80],
        ] {
            #expect(parse(octets("SEND\nx:") + bad + octets("\n\n^@")).error?.kind == .notUTF8, "\(bad)")
            #expect(parse(bad + octets("\n\n^@")).error?.kind == .notUTF8, "\(bad)")
        }
    }

    @Test("Value Encoding: \\r, \\n, \\c and \\\\ are translated, in names and in values")
    func escapes() throws {
        let frame = try frame(#"SEND"# + "\n" + #"a\c\\b:1\r2\n3\c4\\5"# + "\n\n^@")
        #expect(frame.header(at: 0) == ("a:\\b", "1\r2\n3:4\\5"))
    }

    @Test("Value Encoding: undefined escape sequences MUST be treated as a fatal protocol error")
    func undefinedEscapes() {
        for escape in ["\\t", "\\0", "\\N", "\\", "\\ "] {
            #expect(parse("SEND\nx:a\(escape)\n\n^@").error?.kind == .undefinedEscape, "\(escape)")
        }
        #expect(parse("SEND\nx\\t:a\n\n^@").error?.kind == .undefinedEscape)
    }

    @Test("Value Encoding: CONNECT and CONNECTED do not escape")
    func connectIsNotEscaped() throws {
        for command in ["CONNECT", "STOMP", "CONNECTED"] {
            #expect(try frame("\(command)\nlogin:a\\tb\\n:c\n\n^@")["login"] == "a\\tb\\n:c")
        }
    }

    @Test("Value Encoding: servers MUST never trim headers")
    func noTrim() throws {
        #expect(try frame("SEND\ndestination: /a \n\n^@")["destination"] == " /a ")
        #expect(try frame("SEND\ndestination :/a\n\n^@")["destination"] == nil)
        #expect(try frame("CONNECT\naccept-version:1.2\nlogin: a \n\n^@", version: nil)["login"] == " a ")
    }

    @Test("Body: only SEND, MESSAGE and ERROR may have one")
    func bodies() throws {
        for command in StompCommand.allCases where command != .unknown {
            let parsed = parse("\(command.name)\nreceipt:7\n\nx^@")
            #expect((parsed.error == nil) == command.allowsBody, "\(command)")
            if !command.allowsBody {
                #expect(parsed.error?.kind == .bodyNotAllowed)
                #expect(parsed.error?.receipt == octets("7"))
            }
        }
        #expect(try frame("DISCONNECT\n\n\r\n\n^@").command == .disconnect)
        #expect(parse("CONNECT\naccept-version:1.2\n\nx^@", version: nil).error?.kind == .bodyNotAllowed)
    }

    @Test("content-length: this number of octets MUST be read, NULL octets or not; a NULL octet still ends the frame")
    func contentLength() throws {
        let frame = try frame("SEND\ncontent-length:5\n\na^@b^@c^@")
        #expect(Array(frame.body) == octets("a^@b^@c"))
        #expect(try Stomp12FrameTests.body("SEND\ncontent-length:0\n\n^@") == "")
        #expect(parse("SEND\ncontent-length:2\n\nabc^@").error?.kind == .malformed)
        #expect(parse("SEND\ncontent-length:4\n\nabc^@\nSEND\n\n^@").error?.kind == .malformed)
        for bad in ["", "-1", "+1", "1 ", "0x1", "a"] {
            #expect(parse("SEND\ncontent-length:\(bad)\n\nabc^@").error?.kind == .malformed, "\(bad)")
        }
        #expect(parse("SEND\ncontent-length:99999999999999999999\n\n^@").error?.kind == .tooLarge)
        #expect(parse("SEND\ncontent-length:9223372036854775807\n\n^@").error?.kind == .tooLarge)
        // All frames may have the header.
        #expect(try Stomp12FrameTests.body("DISCONNECT\ncontent-length:0\n\n^@") == "")
    }

    private static func body(_ text: String) throws -> String { try frame(text).bodyText }

    @Test("Without content-length the first NULL octet ends the frame")
    func nullEnds() {
        let parsed = parse("SEND\n\nab^@SEND\n\ncd^@")
        #expect(parsed.frames.map(\.bodyText) == ["ab", "cd"])
    }

    @Test("Repeated Header Entries: only the first is used")
    func repeated() throws {
        let frame = try frame("MESSAGE\nfoo:World\nfoo:Hello\n\n^@")
        #expect(frame["foo"] == "World")
        #expect(frame.headerCount == 2)
        #expect(try Stomp12FrameTests.body("SEND\ncontent-length:3\ncontent-length:1\n\na^@b^@") == "a\0b")
    }

    @Test("Augmented BNF: a header has a name, a colon, and a value that may be empty")
    func grammar() throws {
        #expect(try frame("SEND\nx:\n\n^@")["x"] == "")
        #expect(parse("SEND\n:x\n\n^@").error?.kind == .malformed)
        #expect(parse("SEND\nx\n\n^@").error?.kind == .malformed)
        #expect(parse("SEND\nx:a\rb\n\n^@").error?.kind == .malformed)
        #expect(parse("SEND\nx:a^@").error?.kind == .malformed)
        #expect(parse("SEND\nx:a\n^@").error?.kind == .malformed)
        #expect(parse("^@").error?.kind == .malformed)
        // Written unescaped by many clients, and not ambiguous.
        #expect(try frame("SEND\nx:a:b\n\n^@")["x"] == "a:b")
    }

    @Test("ERROR: the receipt of the broken frame is told")
    func receiptOfBroken() {
        #expect(parse("SEND\nreceipt:a\\cb\nx\n\n^@").error?.receipt == octets("a:b"))
        #expect(parse("SEND\nreceipt:r\n\n^@SEND\nx\n\n^@").error?.receipt == nil)
        #expect(parse("SEND\nx\n\n^@").error?.code == "bad_request")
    }

    @Test("Behind an error nothing more is read, but what came before is there")
    func behindError() {
        let parsed = parse("SEND\n\nab^@SEND\nx\n\n^@SEND\n\ncd^@")
        #expect(parsed.frames.map(\.bodyText) == ["ab"])
        #expect(parsed.error?.kind == .malformed)
    }
}
