/// Raw DEFLATE compression (RFC 1951), given in by the caller.
package protocol WebSocketDeflater: AnyObject {
    /// Appends `message` compressed and flushed to a byte boundary (zlib's Z_SYNC_FLUSH), with the 00 00 FF FF at its
    /// end.
    func deflate(_ message: UnsafeRawBufferPointer, appendingTo output: inout [UInt8])

    /// Forgets the window (`server_no_context_takeover` on a server, RFC 7692 §7.1.1).
    func reset()
}
