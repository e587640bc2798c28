/// Octets that came in, and how far they have been read. The octets must stay where they are while frames found
/// in them are in use.
package struct StompInput {
    /// All that came in.
    package let bytes: UnsafeRawBufferPointer
    /// Octets that have been taken.
    package private(set) var consumed = 0

    /// Input of which nothing is taken yet.
    package init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    /// What has not been taken yet.
    package var rest: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: bytes[consumed...]) }

    /// Whether all has been taken.
    package var isEmpty: Bool { consumed == bytes.count }

    mutating func take(_ count: Int) { consumed = min(consumed &+ count, bytes.count) }

    mutating func takeAll() { consumed = bytes.count }
}
