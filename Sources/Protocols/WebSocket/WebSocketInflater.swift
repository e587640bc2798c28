/// Raw DEFLATE decompression (RFC 1951), given in by the caller so that the codec knows no C library. One per
/// connection: the parser inflates as bytes arrive.
package protocol WebSocketInflater: AnyObject {
    /// Appends what `piece` of a message holds to `output`, which may have `outputBytesMax` bytes in all.
    func inflate(_ piece: UnsafeRawBufferPointer, into output: inout [UInt8], outputBytesMax: Int) -> WebSocketInflation

    /// Ends a message: takes in the 00 00 FF FF that its sender left out (RFC 7692 §7.2.2), then forgets the window
    /// where the peer compresses without context takeover (§7.1.1).
    func endMessage(into output: inout [UInt8], outputBytesMax: Int) -> WebSocketInflation
}
