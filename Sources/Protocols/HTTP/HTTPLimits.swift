/// How much a peer may send in one HTTP message.
package struct HTTPLimits: Sendable {
    /// Octets of request line and header fields together. More is 431, or 414 where the request line alone has more.
    package var headBytesMax: Int
    /// Octets of the request target; more is 414. RFC 9112 §3 recommends 8000.
    package var targetBytesMax: Int
    /// Header fields of one message; more is 431.
    package var fieldsMax: Int
    /// Octets of the body, chunks put together; more is 413, from the header where that tells.
    package var bodyBytesMax: Int
    /// Octets of all chunk extensions of one body, and of its trailer section.
    package var chunkExtrasBytesMax: Int

    /// 8 KiB of head, 8000 of target, 100 fields, 512 KiB of body, 4 KiB of chunk extras unless told otherwise.
    package init(
        headBytesMax: Int = 8192, targetBytesMax: Int = 8000, fieldsMax: Int = 100, bodyBytesMax: Int = 512 * 1024,
        chunkExtrasBytesMax: Int = 4096
    ) {
        precondition(min(headBytesMax, targetBytesMax, fieldsMax, bodyBytesMax, chunkExtrasBytesMax) >= 0)
        self.headBytesMax = headBytesMax
        self.targetBytesMax = targetBytesMax
        self.fieldsMax = fieldsMax
        self.bodyBytesMax = bodyBytesMax
        self.chunkExtrasBytesMax = chunkExtrasBytesMax
    }
}
