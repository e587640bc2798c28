import Deflate
import TestSupport
import Testing

@Suite struct DeflateTests {
    func inflate(_ message: [UInt8], with decompressor: Decompressor, max: Int = 1 << 20, cut: Int? = nil) throws
        -> [UInt8]
    {
        var output: [UInt8] = []
        let cut = cut ?? message.count
        for piece in [message[..<cut], message[cut...]] {
            try piece.withUnsafeBytes { bytes throws in
                try decompressor.decompress(bytes, into: &output, outputBytesMax: max)
            }
        }
        try decompressor.endMessage(into: &output, outputBytesMax: max)
        return output
    }

    /// RFC 7692 §7.2.3.1 to §7.2.3.4.
    @Test(
        arguments: [
            [0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00],
            [0x00, 0x05, 0x00, 0xFA, 0xFF, 0x48, 0x65, 0x6C, 0x6C, 0x6F, 0x00],
            [0xF3, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00, 0x00],
            [0xF2, 0x48, 0x05, 0x00, 0x00, 0x00, 0xFF, 0xFF, 0xCA, 0xC9, 0xC9, 0x07, 0x00],
        ] as [[UInt8]]) func readsTheExamples(message: [UInt8]) throws
    {
        for cut in 0...message.count {
            #expect(try inflate(message, with: Decompressor(), cut: cut) == Array("Hello".utf8))
        }
    }

    @Test func keepsItsContext() throws {
        let compressor = try Compressor()
        let decompressor = try Decompressor()
        let text = Array("Hello Hello world".utf8)
        let first = compressor.compress(text)
        let second = compressor.compress(text)
        #expect(first.suffix(4) == [0, 0, 0xFF, 0xFF])
        #expect(second.count < first.count)
        #expect(try inflate(first.dropLast(4), with: decompressor) == text)
        #expect(try inflate(second.dropLast(4), with: decompressor) == text)
    }

    @Test(arguments: [9, 12, 15]) func everyMessageComesBack(windowBits: Int) throws {
        for keeps in [true, false] {
            let compressor = try Compressor(level: 1, windowBits: windowBits, keepsContext: keeps)
            let decompressor = try Decompressor(windowBits: windowBits, keepsContext: keeps)
            var random = SeededRandom(seed: UInt64(windowBits))
            for size in [0, 1, 100, 16384, 16385, 200_000] {
                let message = (0..<size).map { _ in UInt8.random(in: 0..<20, using: &random) }
                let packed = Array(compressor.compress(message).dropLast(4))
                #expect(try inflate(packed, with: decompressor, cut: packed.count / 2) == message)
            }
        }
    }

    @Test func theOutputHasALimit() throws {
        let packed = try Compressor().compress([UInt8](repeating: 0, count: 10_000_000)).dropLast(4)
        #expect(packed.count < 20_000)
        #expect(throws: DeflateError.tooLarge) {
            try inflate(Array(packed), with: Decompressor(), max: 9_999_999)
        }
        #expect(try inflate(Array(packed), with: Decompressor(), max: 10_000_000).count == 10_000_000)
    }

    @Test func garbageIsRefusedOrRead() throws {
        var random = SeededRandom(seed: 7)
        var refused = 0
        for _ in 0..<2000 {
            let garbage = (0..<Int.random(in: 0..<100, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            do {
                #expect(try inflate(garbage, with: Decompressor(), max: 65536).count <= 65536)
            } catch is DeflateError {
                refused += 1
            }
        }
        #expect(refused > 1000)
        #expect(throws: DeflateError.malformed) { try inflate([0xFF, 0xFF], with: Decompressor()) }
    }
}
