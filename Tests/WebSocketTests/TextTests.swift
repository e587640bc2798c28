import TestSupport
import Testing
import WebSocket

/// RFC 6455 §8.1: text that is not UTF-8 fails the connection.
@Suite("RFC 6455 §8.1 UTF-8") struct TextTests {
    static let valid: [[UInt8]] = [
        [], [0x00], [0x7F], [0xC2, 0x80], [0xDF, 0xBF], [0xE0, 0xA0, 0x80], [0xEC, 0x95, 0x88], [0xED, 0x9F, 0xBF],
        [0xEE, 0x80, 0x80], [0xEF, 0xBF, 0xBF], [0xF0, 0x90, 0x80, 0x80], [0xF4, 0x8F, 0xBF, 0xBF],
        Array("κόσμε 안녕하세요 👋🏽 abcdefgh".utf8),
    ]
    static let invalid: [[UInt8]] = [
        [0x80], [0xBF], [0xC0, 0x80], [0xC1, 0xBF], [0xC2], [0xC2, 0x41], [0xE0, 0x80, 0x80], [0xE0, 0x9F, 0xBF],
        [0xE1, 0x80], [0xE1, 0x80, 0xC0], [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF], [0xEF, 0xBF],
        [0xF0, 0x8F, 0xBF, 0xBF], [0xF0, 0x90, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xFE],
        [0xFF],
    ]

    @Test("valid text comes through, at every cut and in every two fragments")
    func accepted() {
        for bytes in Self.valid {
            let whole = frame(1, bytes)
            let expected = [Seen.text(String(decoding: bytes, as: UTF8.self))]
            for size in 1...whole.count { #expect(received(whole, piecesOf: size) == expected) }
            for cut in 0...bytes.count {
                let two = frame(1, Array(bytes[..<cut]), fin: false) + frame(0, Array(bytes[cut...]))
                #expect(received(two) == expected)
            }
        }
    }

    @Test("invalid text is 1007, alone and amid others")
    func refused() {
        for bytes in Self.invalid {
            #expect(received(frame(1, bytes)) == [.violation(1007)])
            #expect(received(frame(1, Array("안녕 abcdefgh ".utf8) + bytes + [0x41])) == [.violation(1007)])
            #expect(received(frame(2, bytes)) == [.binary(bytes)])
            for cut in 0...bytes.count {
                let two = frame(1, Array(bytes[..<cut]), fin: false) + frame(0, Array(bytes[cut...]))
                #expect(received(two) == [.violation(1007)])
            }
        }
    }

    @Test("1007 comes at once, before the frame or the message is whole")
    func atOnce() {
        let bytes = frame(1, Array("가나".utf8) + [0xFF] + Array(repeating: 0x61, count: 100))
        #expect(received(Array(bytes.prefix(6 + 7))) == [.violation(1007)])
        #expect(received(text("가", fin: false) + frame(0, [0xED, 0xA0], fin: false)) == [.violation(1007)])
    }

    @Test("agrees with the standard library on random bytes")
    func random() {
        var random = SeededRandom(seed: 6455)
        for round in 0..<20_000 {
            var bytes = Array("abcd안녕é👋wxyz마당".utf8)
            for _ in 0..<(round % 4) {
                bytes[Int(random.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: random.next())
            }
            let isValid = String(validating: bytes, as: UTF8.self) != nil
            let expected: Seen = isValid ? .text(String(decoding: bytes, as: UTF8.self)) : .violation(1007)
            #expect(received(frame(1, bytes)) == [expected], "round \(round)")
        }
    }
}
