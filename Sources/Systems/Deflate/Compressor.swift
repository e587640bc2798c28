import CZlib

/// Raw deflate (RFC 1951), one stream of messages. Not to be used by two threads at once; it is thread-confined by its
/// owner and therefore not Sendable.
package final class Compressor {
    private let stream: UnsafeMutablePointer<z_stream>
    private let keepsContext: Bool

    /// `level` 1 to 9; `windowBits` 9 to 15, memory is 4 << windowBits bytes and more; without `keepsContext` every
    /// message stands for itself (RFC 7692 §7.1.1.1, no_context_takeover).
    package init(level: Int = 6, windowBits: Int = 15, memoryLevel: Int = 8, keepsContext: Bool = true)
        throws(DeflateError)
    {
        precondition((1...9).contains(level) && (9...15).contains(windowBits) && (1...9).contains(memoryLevel))
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        self.keepsContext = keepsContext
        guard czlib_deflate_init(stream, Int32(level), Int32(windowBits), Int32(memoryLevel)) == Z_OK else {
            throw .outOfMemory
        }
    }

    deinit {
        deflateEnd(stream)
        stream.deallocate()
    }

    /// Appends the message to `output`, ended by a sync flush with its `00 00 FF FF` (RFC 7692 §7.2.1 takes them off).
    package func compress(_ message: UnsafeRawBufferPointer, into output: inout [UInt8]) {
        stream.pointee.next_in = UnsafeMutableRawPointer(mutating: message.baseAddress)?
            .assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_in = UInt32(message.count)
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 16384) { chunk in
            var more = true
            while more {
                stream.pointee.next_out = chunk.baseAddress
                stream.pointee.avail_out = UInt32(chunk.count)
                let status = deflate(stream, Z_SYNC_FLUSH)
                // Z_BUF_ERROR: there was nothing left to do, which is fine.
                precondition(status == Z_OK || status == Z_BUF_ERROR, "a deflate stream is used wrongly")
                let made = chunk.count - Int(stream.pointee.avail_out)
                output.append(contentsOf: UnsafeMutableBufferPointer(rebasing: chunk[..<made]))
                more = stream.pointee.avail_out == 0
            }
        }
        if !keepsContext { deflateReset(stream) }
    }

    /// The compressed message with its last four bytes `00 00 FF FF`.
    package func compress(_ message: [UInt8]) -> [UInt8] {
        var output: [UInt8] = []
        message.withUnsafeBytes { compress($0, into: &output) }
        return output
    }
}
