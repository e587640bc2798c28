/// A version of the STOMP protocol.
package enum StompVersion: UInt8, Sendable, Comparable, CaseIterable {
    case v1_0, v1_1, v1_2

    /// The version as frames spell it, such as `1.2`.
    package var name: String {
        switch self {
        case .v1_0: "1.0"
        case .v1_1: "1.1"
        case .v1_2: "1.2"
        }
    }

    /// All versions with commas, ascending, as the ERROR of a failed negotiation lists them.
    package static let supportedNames = "1.0,1.1,1.2"

    /// The highest version that both sides have in common (STOMP 1.2, Protocol Negotiation).
    ///
    /// - Parameter acceptVersion: the value of CONNECT's `accept-version`; nil where the header is missing, which
    ///   means that the client only supports 1.0.
    /// - Returns: nil where there is none in common.
    package static func negotiate(acceptVersion: UnsafeRawBufferPointer?) -> StompVersion? {
        guard let list = acceptVersion else { return .v1_0 }
        var best: StompVersion?
        var start = 0
        while start <= list.count {
            var end = start
            while end < list.count, list[end] != UInt8(ascii: ",") { end += 1 }
            let item = trimmingSpaces(UnsafeRawBufferPointer(rebasing: list[start..<end]))
            if let version = StompVersion(name: item), version > best ?? .v1_0 || best == nil { best = version }
            start = end + 1
        }
        return best
    }

    /// The version spelt in `bytes`; nil for any other text.
    package init?(name bytes: UnsafeRawBufferPointer) {
        guard bytes.count == 3, bytes[0] == UInt8(ascii: "1"), bytes[1] == UInt8(ascii: ".") else { return nil }
        switch bytes[2] {
        case UInt8(ascii: "0"): self = .v1_0
        case UInt8(ascii: "1"): self = .v1_1
        case UInt8(ascii: "2"): self = .v1_2
        default: return nil
        }
    }

    /// Older versions come first.
    package static func < (left: StompVersion, right: StompVersion) -> Bool { left.rawValue < right.rawValue }
}
