/// What one step of inflating did.
package enum WebSocketInflation: Equatable, Sendable {
    /// Bytes of input used and bytes of output written. Both 0: more input is needed.
    case progress(consumed: Int, written: Int)
    /// The input is not DEFLATE.
    case corrupt
}
