import Testing
import WebSocket

/// RFC 6455 §5: base framing.
@Suite("RFC 6455 §5 framing") struct FramingTests {
    @Test("§5.1 a server closes the connection on a frame that is not masked")
    func unmasked() {
        #expect(received(frame(1, [0x61], key: nil)) == [.violation(1002)])
        #expect(received([0x81, 0x01]) == [.violation(1002)], "told by the second octet already")
    }

    @Test("§5.1 a client closes the connection on a masked frame")
    func maskedFromServer() {
        #expect(received(frame(1, [0x61]), .client) == [.violation(1002)])
        #expect(received(frame(1, [0x61], key: nil), .client) == [.text("a")])
    }

    @Test("§5.2 RSV1, RSV2 and RSV3 must be 0 without an extension", arguments: 1...7 as ClosedRange<UInt8>)
    func reserved(bits: UInt8) {
        for opcode in [0, 1, 2, 8, 9, 10] as [UInt8] {
            #expect(received(frame(opcode, rsv: bits)) == [.violation(1002)])
        }
    }

    @Test("§5.2 an unknown opcode fails the connection", arguments: [3, 4, 5, 6, 7, 11, 12, 13, 14, 15] as [UInt8])
    func opcode(_ opcode: UInt8) {
        #expect(received(frame(opcode)) == [.violation(1002)])
        #expect(received([0x80 | opcode]) == [.violation(1002)], "told by the first octet already")
    }

    @Test("§5.2 lengths of 7, 16 and 64 bits", arguments: [0, 1, 125, 126, 127, 65535, 65536, 65537, 262_144])
    func lengths(count: Int) {
        let payload = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        #expect(received(frame(2, payload)) == [.binary(payload)])
    }

    @Test("§5.2 the shortest form of the length must be used")
    func notShortest() {
        for count in [0, 1, 125] {
            let payload = [UInt8](repeating: 1, count: count)
            #expect(received(frame(2, payload, length: .sixteen(count))) == [.violation(1002)])
        }
        for count in [0, 125, 126, 65535] {
            let payload = [UInt8](repeating: 1, count: count)
            #expect(received(frame(2, payload, length: .sixtyFour(UInt64(count)))) == [.violation(1002)])
        }
    }

    @Test("§5.2 the most significant bit of a 64-bit length must be 0")
    func lengthSign() {
        #expect(received(frame(2, length: .sixtyFour(1 << 63))) == [.violation(1002)])
        #expect(received(frame(2, length: .sixtyFour(.max))) == [.violation(1002)])
    }

    @Test("§5.3 masking uses octet i mod 4 of the key, any key")
    func masks() {
        for key in [0, 1, 0xFF00_0000, 0x0102_0304, .max] as [UInt32] {
            for count in 0...40 {
                let payload = (0..<count).map { UInt8($0) }
                #expect(received(frame(2, payload, key: key)) == [.binary(payload)])
            }
        }
    }

    @Test("§5.4 fragments are put together in order")
    func fragments() {
        let bytes = text("마", fin: false) + frame(0, Array("당".utf8), fin: false) + frame(0, [], fin: true)
        #expect(received(bytes) == [.text("마당")])
        #expect(received(frame(2, [], fin: false) + frame(0, [])) == [.binary([])])
    }

    @Test("§5.4 control frames may come between fragments")
    func controlBetween() {
        let bytes =
            text("a", fin: false) + frame(9, [1]) + frame(0, [0x62], fin: false) + frame(10, [2]) + frame(0, [0x63])
        #expect(received(bytes) == [.ping([1]), .pong([2]), .text("abc")])
        for size in 1...bytes.count {
            #expect(received(bytes, piecesOf: size) == [.ping([1]), .pong([2]), .text("abc")])
        }
    }

    @Test("§5.4 a close between fragments ends the message")
    func closeBetween() {
        #expect(received(text("a", fin: false) + frame(8) + frame(0, [0x62])) == [.close(nil, "")])
    }

    @Test("§5.4 control frames must not be fragmented")
    func fragmentedControl() {
        for opcode in [8, 9, 10] as [UInt8] {
            #expect(received(frame(opcode, fin: false)) == [.violation(1002)])
        }
    }

    @Test("§5.4 fragments of two messages must not be mixed")
    func mixed() {
        #expect(received(text("a", fin: false) + text("b")) == [.violation(1002)])
        #expect(received(text("a", fin: false) + frame(2, fin: false)) == [.violation(1002)])
    }

    @Test("§5.4 a continuation needs something to continue")
    func loneContinuation() {
        #expect(received(frame(0)) == [.violation(1002)])
        #expect(received(text("a") + frame(0, fin: false)) == [.text("a"), .violation(1002)])
    }

    @Test("§5.5 control frames hold at most 125 bytes")
    func longControl() {
        for opcode in [8, 9, 10] as [UInt8] {
            #expect(received(frame(opcode, [UInt8](repeating: 0x61, count: 126))) == [.violation(1002)])
        }
        let most = [UInt8](repeating: 0x61, count: 125)
        #expect(received(frame(9, most) + frame(10, most)) == [.ping(most), .pong(most)])
    }

    @Test("§5.6 text and binary messages, several in one piece")
    func several() {
        #expect(
            received(text("") + frame(2, [0, 255]) + text("안녕?"))
                == [.text(""), .binary([0, 255]), .text("안녕?")])
    }

    @Test("§10.4 a message over the limit is 1009 before its bytes come")
    func tooLarge() {
        let limits = WebSocketLimits(messageBytesMax: 300, fragmentsMax: 4)
        #expect(received(frame(2, [UInt8](repeating: 1, count: 300)), limits: limits).count == 1)
        #expect(received(Array(frame(2, length: .sixteen(301)).prefix(4)), limits: limits) == [.violation(1009)])
        #expect(received(frame(2, length: .sixtyFour(1 << 62)), limits: limits) == [.violation(1009)])
        let half = frame(2, [UInt8](repeating: 1, count: 200), fin: false)
        #expect(received(half + [0x80, 0x80 | 101], limits: limits) == [.violation(1009)])
        #expect(received(half + frame(0, [UInt8](repeating: 1, count: 100)), limits: limits).count == 1)
    }

    @Test("§10.4 too many fragments are 1009")
    func tooManyFragments() {
        let limits = WebSocketLimits(messageBytesMax: 300, fragmentsMax: 4)
        var bytes = frame(2, [1], fin: false)
        for _ in 0..<2 { bytes += frame(0, [], fin: false) }
        #expect(received(bytes + frame(0), limits: limits) == [.binary([1])])
        #expect(received(bytes + frame(0, fin: false) + frame(0), limits: limits) == [.violation(1009)])
        // The count begins anew with each message.
        #expect(received(bytes + frame(0) + bytes + frame(0), limits: limits) == [.binary([1]), .binary([1])])
    }

    @Test("§7.1.7 after a violation nothing more is read")
    func afterViolation() {
        var receiver = Receiver()
        receiver.push(frame(3) + text("a"))
        receiver.push(text("b"))
        #expect(receiver.seen == [.violation(1002)])
        let isFinished = receiver.parser.isFinished
        #expect(isFinished)
    }
}
