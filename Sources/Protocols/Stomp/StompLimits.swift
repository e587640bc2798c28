/// How large a frame may be (STOMP 1.2, Size Limits). Counted before anything is kept.
package struct StompLimits: Sendable, Equatable {
    /// Header lines in one frame.
    package var headersMax: Int
    /// Octets of one header line, without its end of line.
    package var headerBytesMax: Int
    /// Octets of one frame, from its command to its NULL octet.
    package var frameBytesMax: Int

    /// The limits of GUARANTEES, Front limits, unless others are given.
    package init(headersMax: Int = 64, headerBytesMax: Int = 1024, frameBytesMax: Int = 256 * 1024) {
        self.headersMax = headersMax
        self.headerBytesMax = headerBytesMax
        self.frameBytesMax = frameBytesMax
    }
}
