import CZlib

/// Raw inflate (RFC 1951), one stream of messages; not to be used by two threads at once.
package final class Decompressor {
    private let stream: UnsafeMutablePointer<z_stream>
    private let keepsContext: Bool

    /// `windowBits` 8 to 15, at least what the other side compresses with.
    package init(windowBits: Int = 15, keepsContext: Bool = true) throws(DeflateError) {
        precondition((8...15).contains(windowBits))
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        self.keepsContext = keepsContext
        guard czlib_inflate_init(stream, Int32(windowBits)) == Z_OK else { throw .outOfMemory }
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
    }

    /// Starts afresh, as after the end of a message without context takeover.
    package func reset() { inflateReset(stream) }

    /// Appends what `piece` of a message holds to `output`, which may have `outputBytesMax` bytes in all. Throws
    /// `tooLarge` as soon as it would have more; the stream is of no use after an error.
    package func decompress(_ piece: UnsafeRawBufferPointer, into output: inout [UInt8], outputBytesMax: Int)
        throws(DeflateError)
    {
        stream.pointee.next_in = UnsafeMutableRawPointer(mutating: piece.baseAddress)?
            .assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_in = UInt32(piece.count)
        let problem = withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 16384) { chunk -> DeflateError? in
            var more = true
            while more {
                stream.pointee.next_out = chunk.baseAddress
                stream.pointee.avail_out = UInt32(chunk.count)
                let status = inflate(stream, Z_SYNC_FLUSH)
                let made = chunk.count - Int(stream.pointee.avail_out)
                if made > outputBytesMax - output.count { return .tooLarge }
                output.append(contentsOf: UnsafeMutableBufferPointer(rebasing: chunk[..<made]))
                switch status {
                case Z_OK: more = stream.pointee.avail_out == 0 || stream.pointee.avail_in > 0
                case Z_BUF_ERROR: more = false
                case Z_STREAM_END:
                    // A final block may end a message early (RFC 7692 §7.2.3.4); what follows is another stream.
                    inflateReset(stream)
                    more = stream.pointee.avail_in > 0
                case Z_MEM_ERROR: return .outOfMemory
                default: return .malformed
                }
            }
            return nil
        }
        if let problem { throw problem }
    }

    /// Ends a message whose last four bytes `00 00 FF FF` were taken off (RFC 7692 §7.2.2).
    package func endMessage(into output: inout [UInt8], outputBytesMax: Int) throws(DeflateError) {
        try withTail { tail throws(DeflateError) in
            try decompress(tail, into: &output, outputBytesMax: outputBytesMax)
        }
        if !keepsContext { reset() }
    }

    private func withTail(_ body: (UnsafeRawBufferPointer) throws(DeflateError) -> Void) throws(DeflateError) {
        var tail: (UInt8, UInt8, UInt8, UInt8) = (0x00, 0x00, 0xFF, 0xFF)
        let count = 4
        var problem: DeflateError?
        withUnsafeMutableBytes(of: &tail) { bytes in
            do throws(DeflateError) {
                try body(UnsafeRawBufferPointer(rebasing: bytes[..<count]))
            } catch {
                problem = error
            }
        }
        if let problem { throw problem }
    }
}
