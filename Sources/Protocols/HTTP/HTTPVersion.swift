/// `HTTP/` digit `.` digit (RFC 9112 §2.3); the name counts in capitals only.
enum HTTPVersion {
    /// True for 1.1 and above, false for 1.0; 505 for another major version (RFC 9110 §2.5).
    static func isHTTP11(_ bytes: ArraySlice<UInt8>) throws(HTTPViolation) -> Bool {
        let digits = Array(bytes.dropFirst(5))
        guard bytes.prefix(5).elementsEqual("HTTP/".utf8), digits.count == 3, HTTPByte.isDigit(digits[0]),
            digits[1] == UInt8(ascii: "."), HTTPByte.isDigit(digits[2])
        else { throw .bad("a malformed HTTP version") }
        guard digits[0] == UInt8(ascii: "1") else { throw HTTPViolation(505, "this is HTTP/1.1") }
        return digits[2] >= UInt8(ascii: "1")
    }
}
