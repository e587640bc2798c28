/// The partition the Java client's default partitioner gives a key: murmur2, without the sign bit, modulo the count.
package enum Murmur2 {
    /// The partition of `key` in a topic of `partitionCount` partitions; 0 where the count is not positive.
    package static func partition(of key: UnsafeRawBufferPointer, partitionCount: Int32) -> Int32 {
        guard partitionCount > 0 else { return 0 }
        return Int32(bitPattern: hash(key) & 0x7fff_ffff) % partitionCount
    }

    /// The 32 bits of org.apache.kafka.common.utils.Utils.murmur2.
    package static func hash(_ key: UnsafeRawBufferPointer) -> UInt32 {
        let multiplier: UInt32 = 0x5bd1_e995
        var hash = 0x9747_b28c ^ UInt32(truncatingIfNeeded: key.count)
        var at = 0
        while key.count - at >= 4 {
            var word = UInt32(littleEndian: key.loadUnaligned(fromByteOffset: at, as: UInt32.self))
            word &*= multiplier
            word ^= word >> 24
            word &*= multiplier
            hash = (hash &* multiplier) ^ word
            at += 4
        }
        let rest = key.count - at
        if rest >= 3 { hash ^= UInt32(key[at + 2]) << 16 }
        if rest >= 2 { hash ^= UInt32(key[at + 1]) << 8 }
        if rest >= 1 { hash = (hash ^ UInt32(key[at])) &* multiplier }
        hash ^= hash >> 13
        hash &*= multiplier
        return hash ^ (hash >> 15)
    }
}
