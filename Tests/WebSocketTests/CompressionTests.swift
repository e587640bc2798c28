import Deflate
import Testing
import WebSocket

/// RFC 7692: permessage-deflate.
@Suite("RFC 7692 permessage-deflate") struct CompressionTests {
    private func negotiated(_ offer: String..., wanted: WebSocketDeflate = WebSocketDeflate()) -> String? {
        let headers = HandshakeTests.good + offer.map { ("sec-websocket-extensions", $0) }
        let decision = WebSocketHandshake.judge(
            method: "GET", isHTTP11: true, header: { name in headers.filter { $0.0 == name }.map(\.1) },
            deflate: wanted, sha1: sha1)
        guard case .accept(let acceptance) = decision else { return "refused" }
        let lines = String(decoding: acceptance.response, as: UTF8.self).split(separator: "\r\n")
        let line = lines.first { $0.hasPrefix("Sec-WebSocket-Extensions: ") }
        #expect((line == nil) == (acceptance.deflate == nil))
        return line.map { String($0.dropFirst("Sec-WebSocket-Extensions: ".count)) }
    }

    private let plain = WebSocketDeflate(serverNoContextTakeover: false, clientNoContextTakeover: false)

    @Test("§5 an offer is accepted, or declined without an error") func offers() {
        #expect(negotiated("permessage-deflate", wanted: plain) == "permessage-deflate")
        #expect(negotiated("x-webkit-deflate-frame") == nil)
        #expect(negotiated("permessage-deflate; what=1", wanted: plain) == nil)
        #expect(negotiated("permessage-deflate; what, permessage-deflate", wanted: plain) == "permessage-deflate")
        #expect(negotiated("permessage-deflate; what", "permessage-deflate", wanted: plain) == "permessage-deflate")
    }

    @Test("§7.1 a repeated parameter or a wrong value declines the offer") func badParameters() {
        for bad in [
            "server_no_context_takeover; server_no_context_takeover", "server_no_context_takeover=1",
            "client_no_context_takeover=x", "server_max_window_bits", "server_max_window_bits=7",
            "server_max_window_bits=16", "server_max_window_bits=010", "client_max_window_bits=0",
            "client_max_window_bits=9; client_max_window_bits=9",
        ] { #expect(negotiated("permessage-deflate; \(bad)") == nil, "\(bad)") }
    }

    @Test("§7.1.1 context takeover of either side") func takeover() {
        let both = "permessage-deflate; server_no_context_takeover; client_no_context_takeover"
        #expect(negotiated("permessage-deflate") == both)
        #expect(
            negotiated("permessage-deflate; server_no_context_takeover", wanted: plain)
                == "permessage-deflate; server_no_context_takeover")
        #expect(
            negotiated("permessage-deflate; client_no_context_takeover", wanted: plain)
                == "permessage-deflate; client_no_context_takeover")
    }

    @Test("§7.1.2 windows: no larger than offered, client's only where offered") func windows() {
        #expect(
            negotiated("permessage-deflate; server_max_window_bits=10", wanted: plain)
                == "permessage-deflate; server_max_window_bits=10")
        #expect(negotiated("permessage-deflate; server_max_window_bits=8", wanted: plain) == nil)
        var small = plain
        small.clientWindowBits = 11
        #expect(negotiated("permessage-deflate", wanted: small) == "permessage-deflate")
        #expect(
            negotiated("permessage-deflate; client_max_window_bits", wanted: small)
                == "permessage-deflate; client_max_window_bits=11")
        #expect(
            negotiated("permessage-deflate; client_max_window_bits=\"9\"", wanted: small)
                == "permessage-deflate; client_max_window_bits=9")
    }

    @Test("§5.1 a client reads what was agreed") func response() {
        #expect(WebSocketDeflate.agreed(response: ["permessage-deflate"]) == plain)
        #expect(WebSocketDeflate.agreed(response: ["permessage-deflate; client_max_window_bits"]) == nil)
        #expect(WebSocketDeflate.agreed(response: ["permessage-deflate", "permessage-deflate"]) == nil)
        #expect(WebSocketDeflate.agreed(response: ["other"]) == nil)
    }

    /// "Hello" in a stored block, as in RFC 7692 §7.2.3.3, without the 00 00 FF FF.
    private let storedHello: [UInt8] = [0x00, 0x05, 0x00, 0xFA, 0xFF, 0x48, 0x65, 0x6C, 0x6C, 0x6F, 0x00]

    private func inflated(_ bytes: [UInt8], piecesOf size: Int = .max, limit: Int = 1000) throws -> [Seen] {
        var receiver = Receiver(
            inflater: try Inflater(), limits: WebSocketLimits(messageBytesMax: limit, fragmentsMax: 10))
        var rest = bytes[...]
        while !rest.isEmpty {
            receiver.push(rest.prefix(size))
            rest = rest.dropFirst(size)
        }
        return receiver.seen
    }

    @Test("§6.2 a message with RSV1 is inflated, whole, in fragments and at every cut") func inflate() throws {
        let whole = frame(1, storedHello, rsv: 4)
        for size in 1...whole.count { #expect(try inflated(whole, piecesOf: size) == [.text("Hello")]) }
        for cut in 0...storedHello.count {
            let two =
                frame(1, Array(storedHello[..<cut]), fin: false, rsv: 4) + frame(9)
                + frame(0, Array(storedHello[cut...]))
            #expect(try inflated(two) == [.ping([]), .text("Hello")])
        }
        #expect(try inflated(text("plain") + whole) == [.text("plain"), .text("Hello")])
    }

    @Test("§6 RSV1 only on the first frame of a data message") func reservedBit() throws {
        for bytes in [
            frame(9, rsv: 4), frame(8, rsv: 4), frame(1, storedHello, fin: false, rsv: 4) + frame(0, rsv: 4),
            frame(1, rsv: 2), frame(1, rsv: 5),
        ] { #expect(try inflated(bytes) == [.violation(1002)]) }
    }

    @Test("§7.2.3.6 an empty message is one octet") func empty() throws {
        #expect(try inflated(frame(1, [0x00], rsv: 4)) == [.text("")])
    }

    @Test("inflated no further than the message limit; text is checked; rubbish is 1007") func bounds() throws {
        #expect(try inflated(frame(1, storedHello, rsv: 4), limit: 11) == [.text("Hello")])
        let bomb = try compressed([UInt8](repeating: 0x61, count: 1_000_000))
        #expect(bomb.count < 2000)
        #expect(try inflated(bomb, limit: 999_999) == [.violation(1009)])
        #expect(try inflated(bomb, limit: 1_000_000).count == 1)
        #expect(try inflated(frame(1, [0x00, 0x01, 0x00, 0xFE, 0xFF, 0xFF, 0x00], rsv: 4)) == [.violation(1007)])
        #expect(try inflated(frame(1, [0x07], rsv: 4)) == [.violation(1007)])
    }

    private func compressed(_ message: [UInt8]) throws -> [UInt8] {
        let deflater = try Deflater()
        var bytes: [UInt8] = []
        message.withUnsafeBytes {
            WebSocketWriter.appendCompressed(.text, $0, deflater: deflater, maskingKey: testKey, to: &bytes)
        }
        return bytes
    }

    @Test("§7.2.3.2 messages that share a window, empty ones among them") func sharedWindow() throws {
        let deflater = try Deflater()
        let messages = ["마당 마당 마당", "", "마당 마당 마당", String(repeating: "a", count: 5000)]
        var bytes: [UInt8] = []
        for message in messages {
            Array(message.utf8).withUnsafeBytes {
                WebSocketWriter.appendCompressed(.text, $0, deflater: deflater, maskingKey: testKey, to: &bytes)
            }
        }
        #expect(bytes.count < 150)
        for size in [1, 7, 1000] {
            #expect(try inflated(bytes, piecesOf: size, limit: 5000) == messages.map { .text($0) })
        }
    }
}

private final class Inflater: WebSocketInflater {
    private let decompressor: Decompressor

    init() throws { decompressor = try Decompressor() }

    func inflate(_ piece: UnsafeRawBufferPointer, into output: inout [UInt8], outputBytesMax: Int)
        -> WebSocketInflation
    {
        do throws(DeflateError) {
            try decompressor.decompress(piece, into: &output, outputBytesMax: outputBytesMax)
        } catch {
            return error == .tooLarge ? .tooLarge : .corrupt
        }
        return .done
    }

    func endMessage(into output: inout [UInt8], outputBytesMax: Int) -> WebSocketInflation {
        do throws(DeflateError) {
            try decompressor.endMessage(into: &output, outputBytesMax: outputBytesMax)
        } catch {
            return error == .tooLarge ? .tooLarge : .corrupt
        }
        return .done
    }
}

private final class Deflater: WebSocketDeflater {
    private let compressor: Compressor

    init() throws { compressor = try Compressor() }

    func compress(_ message: UnsafeRawBufferPointer, into output: inout [UInt8]) {
        compressor.compress(message, into: &output)
    }
}
