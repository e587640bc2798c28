/// The masking of RFC 6455 §5.3: octet i of the payload XOR octet i mod 4 of the key. Masking and unmasking are the
/// same.
struct WebSocketMask {
    /// The key, its first octet lowest, turned so that the octet for the next byte of payload is lowest.
    private var key: UInt32

    /// `key`: its first octet on the wire is the lowest byte.
    init(littleEndianKey key: UInt32) { self.key = key }

    /// Masks `bytes` in place, eight at a time, and goes on where the last call ended.
    mutating func apply(to bytes: UnsafeMutableRawBufferPointer) {
        guard key != 0, let base = bytes.baseAddress else { return }
        let count = bytes.count
        let wide = (UInt64(key) | UInt64(key) << 32).littleEndian
        var index = 0
        while index &+ 8 <= count {
            let word = base.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            base.storeBytes(of: word ^ wide, toByteOffset: index, as: UInt64.self)
            index &+= 8
        }
        var rest = key
        while index < count {
            let byte = base.load(fromByteOffset: index, as: UInt8.self) ^ UInt8(truncatingIfNeeded: rest)
            base.storeBytes(of: byte, toByteOffset: index, as: UInt8.self)
            rest = rest >> 8 | rest << 24
            index &+= 1
        }
        key = rest
    }
}
