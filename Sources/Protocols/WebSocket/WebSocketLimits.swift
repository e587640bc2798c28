/// How much a peer may send in one message.
package struct WebSocketLimits: Sendable {
    /// Bytes of a message, all fragments together and after inflation; counted from the frame header before any byte is
    /// kept. More is 1009.
    package var messageBytesMax: Int
    /// Fragments of a message; more is 1009.
    package var fragmentsMax: Int

    /// 256 KiB and 1,000 fragments unless told otherwise.
    package init(messageBytesMax: Int = 256 * 1024, fragmentsMax: Int = 1000) {
        precondition(messageBytesMax >= 0 && fragmentsMax >= 1)
        self.messageBytesMax = messageBytesMax
        self.fragmentsMax = fragmentsMax
    }
}
