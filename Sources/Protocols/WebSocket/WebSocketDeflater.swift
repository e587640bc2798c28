/// Raw DEFLATE compression (RFC 1951), given in by the caller.
package protocol WebSocketDeflater: AnyObject {
    /// Appends `message` compressed and flushed to a byte boundary (zlib's Z_SYNC_FLUSH), with the 00 00 FF FF at its
    /// end; forgets the window afterwards where this end agreed to compress without context takeover (RFC 7692
    /// §7.1.1).
    func compress(_ message: UnsafeRawBufferPointer, into output: inout [UInt8])
}
