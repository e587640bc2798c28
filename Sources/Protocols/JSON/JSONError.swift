/// Why bytes are no JSON text.
package struct JSONError: Error, Equatable, CustomStringConvertible {
    /// The kinds of defect.
    package enum Code: Sendable {
        /// Not of RFC 8259's grammar.
        case malformed
        /// Not UTF-8 (RFC 8259 §8.1), or half of a surrogate pair (§8.2).
        case notUnicode
        /// More levels of arrays and objects than allowed.
        case tooDeep
    }

    /// What is wrong.
    package let code: Code
    /// Where, in bytes from the start of the text.
    package let offsetBytes: Int

    /// Safe to show to whoever sent the text.
    package var description: String {
        switch code {
        case .malformed: "not JSON at byte \(offsetBytes)"
        case .notUnicode: "not UTF-8 at byte \(offsetBytes)"
        case .tooDeep: "nested too deep at byte \(offsetBytes)"
        }
    }
}
