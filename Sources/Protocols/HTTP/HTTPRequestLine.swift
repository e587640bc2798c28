/// `method SP request-target SP HTTP-version` (RFC 9112 §3).
struct HTTPRequestLine: Sendable {
    let method: String
    let target: HTTPTarget
    let isHTTP11: Bool

    init(_ line: ArraySlice<UInt8>, targetBytesMax: Int) throws(HTTPViolation) {
        let method = line.prefix(while: HTTPByte.isToken)
        var rest = line.dropFirst(method.count)
        guard !method.isEmpty, rest.popFirst() == HTTPByte.space else { throw .bad("a malformed request line") }
        let target = rest.prefix { $0 != HTTPByte.space }
        guard target.count <= targetBytesMax else { throw .targetTooLong }
        rest = rest.dropFirst(target.count)
        guard rest.popFirst() == HTTPByte.space else { throw .bad("a malformed request line") }
        isHTTP11 = try HTTPVersion.isHTTP11(rest)
        self.method = String(decoding: method, as: UTF8.self)
        self.target = try HTTPTarget(target, method: self.method)
    }
}
