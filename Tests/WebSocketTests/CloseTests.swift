import Testing
import WebSocket

/// RFC 6455 §5.5.1 and §7: closing.
@Suite("RFC 6455 §7 closing") struct CloseTests {
    private func close(_ code: UInt16, _ reason: [UInt8] = []) -> [UInt8] {
        frame(8, [UInt8(code >> 8), UInt8(code & 0xFF)] + reason)
    }

    @Test("§5.5.1 a Close frame may be empty")
    func empty() { #expect(received(frame(8)) == [.close(nil, "")]) }

    @Test("§5.5.1 a body begins with a code of two octets")
    func oneOctet() { #expect(received(frame(8, [3])) == [.violation(1002)]) }

    @Test("§7.4 codes a peer may send")
    func valid() {
        for code in [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999]
            as [UInt16]
        {
            #expect(received(close(code)) == [.close(code, "")])
        }
    }

    @Test("§7.4.1, §7.4.2 codes nobody may send")
    func invalid() {
        for code in [0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535] as [UInt16] {
            #expect(received(close(code)) == [.violation(1002)])
        }
    }

    @Test("§5.5.1 the reason is UTF-8 of at most 123 octets")
    func reason() {
        #expect(received(close(1000, Array("잘 가요".utf8))) == [.close(1000, "잘 가요")])
        #expect(received(close(1000, [0xED, 0xA0, 0x80])) == [.violation(1007)])
        #expect(received(close(1000, [0xE1, 0x80])) == [.violation(1007)])
        let longest = String(repeating: "x", count: 123)
        #expect(received(close(1000, Array(longest.utf8))) == [.close(1000, longest)])
    }

    @Test("§5.5.1 what follows a Close frame is not processed")
    func afterwards() {
        var receiver = Receiver()
        receiver.push(close(1000) + text("late") + frame(3))
        receiver.push(frame(9))
        #expect(receiver.seen == [.close(1000, "")])
    }
}
