import Stomp
import Testing

@Suite("STOMP 1.0, 1.1 and 1.2: what differs")
struct StompVersionTests {
    @Test(
        "STOMP 1.2, Protocol Negotiation: the highest version in common",
        arguments: [
            ("1.0,1.1,2.0", StompVersion.v1_1), ("1.2", .v1_2), ("1.2,1.1,1.0", .v1_2), ("1.1,1.0", .v1_1),
            ("1.0", .v1_0),
            ("1.0, 1.1 ,1.2", .v1_2), ("1.3,1.2", .v1_2), ("2.1", nil), ("", nil), ("1", nil), ("1.25", nil),
            (",", nil),
        ])
    func negotiation(list: String, version: StompVersion?) {
        let bytes = Array(list.utf8)
        #expect(bytes.withUnsafeBytes { StompVersion.negotiate(acceptVersion: $0) } == version)
    }

    @Test("STOMP 1.2, Protocol Negotiation: a missing accept-version means 1.0")
    func missing() {
        #expect(StompVersion.negotiate(acceptVersion: nil) == .v1_0)
    }

    @Test("STOMP 1.2, Protocol Negotiation: without a common version, an ERROR that lists them")
    func noCommon() {
        #expect(
            text { $0.unsupportedVersion(message: "bad_request") } == """
                ERROR
                version:1.0,1.1,1.2
                message:bad_request
                content-type:text/plain
                content-length:43

                Supported protocol versions are 1.0 1.1 1.2^@
                """)
    }

    @Test("STOMP 1.1, Value Encoding: \\r is an undefined escape sequence")
    func returnIn11() throws {
        #expect(parse("SEND\nx:a\\rb\n\n^@", version: .v1_1).error?.kind == .undefinedEscape)
        #expect(try frame("SEND\nx:\\n\\c\\\\\n\n^@", version: .v1_1)["x"] == "\n:\\")
    }

    @Test("STOMP 1.1 has no rule against a carriage return within a header")
    func bareReturn() throws {
        #expect(try frame("SEND\nx:a\rb\n\n^@", version: .v1_1)["x"] == "a\rb")
    }

    @Test("STOMP 1.0 has no escapes")
    func noEscapesIn10() throws {
        #expect(try frame("SEND\nx:\\n\\t\\\n\n^@", version: .v1_0)["x"] == "\\n\\t\\")
    }

    @Test("STOMP 1.0: padding as in its examples is no part of the value")
    func paddingIn10() throws {
        #expect(
            try frame("CONNECT\nlogin: <username>\npasscode:<passcode>\n\n^@", version: nil)["login"] == "<username>")
        #expect(try frame("SUBSCRIBE\ndestination: /queue/foo\nack: client\n\n^@", version: .v1_0)["ack"] == "client")
        #expect(try frame("SEND\ncontent-length: 3\n\na^@b^@", version: .v1_0).body.count == 3)
    }

    @Test("STOMP 1.0, SUBSCRIBE: the body is ignored")
    func bodyIn10() throws {
        #expect(try frame("SUBSCRIBE\ndestination:/a\n\nbody^@", version: .v1_0).command == .subscribe)
    }

    @Test("Encoding applies the reverse transformation, by version")
    func encoding() {
        let value = "a:b\\c\nd\re"
        let expected: [StompVersion: String] = [
            .v1_0: "a:b\\cde", .v1_1: "a\\cb\\\\c\\nde", .v1_2: "a\\cb\\\\c\\nd\\re",
        ]
        for (version, escaped) in expected {
            #expect(text(version) { $0.receipt(id: value.utf8) } == "RECEIPT\nreceipt-id:\(escaped)\n\n^@")
        }
        #expect(
            text { $0.connect(host: "a:1\\b") }
                == "CONNECT\naccept-version:1.2,1.1,1.0\nhost:a:1\\b\nheart-beat:0,0\n\n^@")
    }
}
