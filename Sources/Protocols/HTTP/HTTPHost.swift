/// The Host field (RFC 9110 §7.2): `uri-host [":" port]`.
enum HTTPHost {
    /// True for a name, an IPv4 address or an IPv6 address in brackets, with or without a port; also for nothing at
    /// all.
    static func isValid(_ host: some Collection<UInt8>) -> Bool {
        var rest = Array(host)[...]
        if rest.first == UInt8(ascii: "[") {
            guard let end = rest.firstIndex(of: UInt8(ascii: "]")) else { return false }
            let address = rest[rest.index(after: rest.startIndex)..<end]
            guard !address.isEmpty, address.allSatisfy(isAddressByte) else { return false }
            rest = rest[rest.index(after: end)...]
        } else {
            let name = rest.prefix { $0 != HTTPByte.colon }
            guard name.allSatisfy(isNameByte) else { return false }
            rest = rest.dropFirst(name.count)
        }
        if rest.isEmpty { return true }
        return rest.first == HTTPByte.colon && rest.count <= 6 && rest.dropFirst().allSatisfy(HTTPByte.isDigit)
    }

    private static func isAddressByte(_ byte: UInt8) -> Bool {
        HTTPByte.hexDigit(byte) != nil || byte == HTTPByte.colon || byte == UInt8(ascii: ".")
            || byte == UInt8(ascii: "%")
            || HTTPByte.isLetter(byte)
    }

    /// reg-name of RFC 3986 §3.2.2; no user information.
    private static func isNameByte(_ byte: UInt8) -> Bool {
        HTTPByte.isLetter(byte) || HTTPByte.isDigit(byte) || "-._~%!$&'()*+,;=".utf8.contains(byte)
    }
}
