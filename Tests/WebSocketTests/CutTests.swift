import TestSupport
import Testing
import WebSocket

@Suite("WebSocket codec: round trips, cuts, garbage") struct CutTests {
    /// Frames of every kind, with their events.
    static let stream: (bytes: [UInt8], events: [Seen]) = {
        let long = String(repeating: "안녕 madang ", count: 30)
        var bytes = text("a") + frame(9, [1, 2, 3]) + text(long) + frame(2, Array(0...200), key: 0)
        bytes += text("마", fin: false) + frame(10, [9]) + frame(0, Array("당".utf8), fin: false) + frame(0)
        bytes += frame(9) + text("") + frame(8, [0x03, 0xE8] + Array("끝".utf8))
        let events: [Seen] = [
            .text("a"), .ping([1, 2, 3]), .text(long), .binary(Array(0...200)), .pong([9]), .text("마당"), .ping([]),
            .text(""), .close(1000, "끝"),
        ]
        return (bytes, events)
    }()

    @Test("the same events at every cut in two") func everyCut() {
        let (bytes, events) = Self.stream
        for cut in 0...bytes.count {
            var receiver = Receiver()
            receiver.push(bytes[..<cut])
            receiver.push(bytes[cut...])
            #expect(receiver.seen == events, "cut at \(cut)")
        }
    }

    @Test("the same events in pieces of every size") func everySize() {
        let (bytes, events) = Self.stream
        for size in 1...bytes.count { #expect(received(bytes, piecesOf: size) == events, "pieces of \(size)") }
    }

    @Test("what the writer writes the parser reads, both ways") func roundTrip() {
        var random = SeededRandom(seed: 1)
        for round in 0..<300 {
            let sizes = [0, 1, 7, 125, 126, 127, 1000, 65535, 65536, 70000]
            let payload = [UInt8](repeating: UInt8(round & 0xFF), count: sizes[round % sizes.count])
            let key: UInt32? = round % 2 == 0 ? nil : UInt32(truncatingIfNeeded: random.next())
            var bytes: [UInt8] = []
            WebSocketWriter.append(.binary, payload, maskingKey: key, to: &bytes)
            let header = WebSocketWriter.headerBytes(payloadBytes: payload.count, isMasked: key != nil)
            #expect(bytes.count == header + payload.count)
            WebSocketWriter.append(.ping, Array(payload.prefix(125)), maskingKey: key, to: &bytes)
            WebSocketWriter.appendClose(code: 4408, reason: "slow", maskingKey: key, to: &bytes)
            let expected: [Seen] = [.binary(payload), .ping(Array(payload.prefix(125))), .close(4408, "slow")]
            #expect(received(bytes, key == nil ? .client : .server) == expected)
        }
    }

    @Test("a close reason is cut between characters to 123 bytes") func closeReason() {
        var bytes: [UInt8] = []
        WebSocketWriter.appendClose(code: 1008, reason: String(repeating: "가", count: 60), to: &bytes)
        #expect(received(bytes, .client) == [.close(1008, String(repeating: "가", count: 41))])
        bytes = []
        WebSocketWriter.appendClose(code: nil, to: &bytes)
        #expect(bytes == [0x88, 0x00])
    }

    @Test("events lie in the caller's buffer when a message is whole") func inPlace() {
        var bytes = text("in place")
        bytes.withUnsafeMutableBytes { buffer in
            var parser = WebSocketParser(role: .server)
            var offset = 0
            guard case .message(_, let payload) = parser.next(in: buffer, from: &offset) else {
                Issue.record("no message")
                return
            }
            #expect(payload.baseAddress == buffer.baseAddress.map { UnsafeRawPointer($0 + 6) })
        }
    }

    @Test("garbage never traps, and never gives a text that is not UTF-8") func garbage() {
        var random = SeededRandom(seed: 42)
        var bytes = [UInt8](repeating: 0, count: 64)
        for round in 0..<garbageRounds(500_000) {
            for start in stride(from: 0, to: 64, by: 8) {
                let word = random.next()
                for place in 0..<8 { bytes[start + place] = UInt8(truncatingIfNeeded: word >> UInt64(8 * place)) }
            }
            // Half of them begin like a frame, so that the parser gets further.
            if round & 1 == 0 {
                bytes[0] = [0x01, 0x81, 0x02, 0x82, 0x89, 0x88][round / 2 % 6]
                bytes[1] = 0x80 | bytes[1] & 0x1F
            }
            garbageRound(&bytes, cut: Int(random.next() & 63), role: round & 2 == 0 ? .server : .client)
        }
    }

    private func garbageRound(_ bytes: inout [UInt8], cut: Int, role: WebSocketRole) {
        var parser = WebSocketParser(role: role, limits: WebSocketLimits(messageBytesMax: 100, fragmentsMax: 3))
        bytes.withUnsafeMutableBytes { buffer in
            for range in [0..<cut, cut..<buffer.count] {
                let piece = UnsafeMutableRawBufferPointer(rebasing: buffer[range])
                var offset = 0
                var goesOn = true
                while goesOn {
                    switch parser.next(in: piece, from: &offset) {
                    case .needMore: goesOn = false
                    case .message(.text, let text):
                        if String(validating: text, as: UTF8.self) == nil { Issue.record("not UTF-8: \(Array(text))") }
                    case .violation(let violation):
                        if ![1002, 1007, 1009].contains(violation.closeCode) { Issue.record("\(violation)") }
                    default: break
                    }
                }
                if offset != piece.count { Issue.record("bytes left") }
            }
        }
    }
}
