/// How a step of inflating went.
package enum WebSocketInflation: Equatable, Sendable {
    /// All input was taken.
    case done
    /// More would come out than allowed.
    case tooLarge
    /// The input is not DEFLATE.
    case corrupt
}
