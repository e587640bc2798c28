import Deflate
import WebSocket

/// zlib for one WebSocket that agreed to permessage-deflate (RFC 7692), without context takeover either way, so that
/// an idle connection costs no window: the streams are made when the first message needs them.
final class Inflation: WebSocketInflater {
    private let windowBits: Int
    private var stream: Decompressor?

    init(windowBits: Int) { self.windowBits = windowBits }

    func inflate(_ piece: UnsafeRawBufferPointer, into output: inout [UInt8], outputBytesMax: Int) -> WebSocketInflation
    {
        use { stream throws(DeflateError) in
            try stream.decompress(piece, into: &output, outputBytesMax: outputBytesMax)
        }
    }

    func endMessage(into output: inout [UInt8], outputBytesMax: Int) -> WebSocketInflation {
        defer { stream = nil }
        return use { stream throws(DeflateError) in
            try stream.endMessage(into: &output, outputBytesMax: outputBytesMax)
        }
    }

    private func use(_ body: (Decompressor) throws(DeflateError) -> Void) -> WebSocketInflation {
        do throws(DeflateError) {
            let current: Decompressor
            if let stream { current = stream } else { current = try Decompressor(windowBits: windowBits) }
            stream = current
            try body(current)
            return .done
        } catch {
            stream = nil
            return error == .tooLarge ? .tooLarge : .corrupt
        }
    }
}

/// The compressing half; one for a whole reactor, since no message looks back at another.
final class Deflation: WebSocketDeflater {
    private let stream: Compressor

    /// `level`: 1 is fast, and text shrinks by most of what it can all the same.
    init(windowBits: Int) throws(DeflateError) {
        stream = try Compressor(level: 1, windowBits: windowBits, keepsContext: false)
    }

    func compress(_ message: UnsafeRawBufferPointer, into output: inout [UInt8]) {
        stream.compress(message, into: &output)
    }
}
