import CLinux
import Glibc

/// Random bytes of the kernel, good enough for keys (getrandom(2)).
package enum SystemRandom {
    /// `count` random bytes.
    package static func bytes(_ count: Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            fill(UnsafeMutableRawBufferPointer(buffer))
            filled = count
        }
    }

    /// 64 random bits.
    package static func next() -> UInt64 {
        var value: UInt64 = 0
        withUnsafeMutableBytes(of: &value) { fill($0) }
        return value
    }

    /// Fills `buffer`.
    package static func fill(_ buffer: UnsafeMutableRawBufferPointer) {
        guard let base = buffer.baseAddress else { return }
        var done = 0
        while done < buffer.count {
            let got = getrandom(base + done, buffer.count - done, 0)
            // Once seeded it fails with EINTR alone; anything else means a kernel without it.
            precondition(got >= 0 || errno == EINTR, "getrandom does not work")
            if got > 0 { done += got }
        }
    }
}
