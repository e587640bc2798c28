/// Raw DEFLATE decompression (RFC 1951), given in by the caller so that the codec knows no C library. One per
/// connection: the parser inflates as bytes arrive.
package protocol WebSocketInflater: AnyObject {
    /// Inflates from `input` into `output` until one of them is used up. After a final block (BFINAL, RFC 7692
    /// §7.2.3.4) the next byte begins a new block with the same window.
    func inflate(_ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) -> WebSocketInflation

    /// Forgets the window (`client_no_context_takeover` on a server, RFC 7692 §7.1.1).
    func reset()
}
