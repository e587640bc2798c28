/// Why compressed bytes could not be dealt with.
package enum DeflateError: Error, Equatable {
    /// What comes out is larger than the limit.
    case tooLarge
    /// It is no deflate data (RFC 1951).
    case malformed
    /// The library has no memory.
    case outOfMemory
}
