/// Percent-encoding (RFC 3986 §2.1), UTF-8 only.
package enum HTTPPercent {
    /// The text behind `bytes`, or nil where an escape is malformed or the result is not UTF-8. `plusIsSpace`: as in
    /// queries, by application/x-www-form-urlencoded.
    package static func decode(_ bytes: some Sequence<UInt8>, plusIsSpace: Bool = false) -> String? {
        var decoded: [UInt8] = []
        var iterator = bytes.makeIterator()
        while let byte = iterator.next() {
            switch byte {
            case HTTPByte.percent:
                guard let high = iterator.next().flatMap(HTTPByte.hexDigit),
                    let low = iterator.next().flatMap(HTTPByte.hexDigit)
                else { return nil }
                decoded.append(high << 4 | low)
            case UInt8(ascii: "+") where plusIsSpace: decoded.append(HTTPByte.space)
            default: decoded.append(byte)
            }
        }
        return String(validating: decoded, as: UTF8.self)
    }

    /// `text` as one path segment or query value: all but unreserved characters escaped.
    package static func encode(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var encoded: [UInt8] = []
        for byte in text.utf8 {
            if HTTPByte.isLetter(byte) || HTTPByte.isDigit(byte) || "-._~".utf8.contains(byte) {
                encoded.append(byte)
            } else {
                encoded.append(contentsOf: [HTTPByte.percent, digits[Int(byte >> 4)], digits[Int(byte & 15)]])
            }
        }
        return String(decoding: encoded, as: UTF8.self)
    }
}
