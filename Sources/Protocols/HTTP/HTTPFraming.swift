/// How long the body of a message is (RFC 9112 §6.3).
enum HTTPFraming: Equatable {
    case none
    case length(Int)
    case chunked

    /// For a request. Refused is whatever another recipient could read differently: Transfer-Encoding beside
    /// Content-Length or in HTTP/1.0, more than one Content-Length, a last coding other than chunked.
    init(request fields: HTTPFields, isHTTP11: Bool, bodyBytesMax: Int) throws(HTTPViolation) {
        let lengths = fields.all("content-length")
        if fields["transfer-encoding"] != nil {
            guard isHTTP11 else { throw .bad("Transfer-Encoding in HTTP/1.0") }
            guard lengths.isEmpty else { throw .bad("Transfer-Encoding and Content-Length") }
            self = try Self.chunked(fields)
            return
        }
        guard lengths.count <= 1 else { throw .bad("more than one Content-Length") }
        guard let length = lengths.first else {
            self = .none
            return
        }
        self = .length(try Self.length(length, bodyBytesMax: bodyBytesMax))
    }

    static func chunked(_ fields: HTTPFields) throws(HTTPViolation) -> HTTPFraming {
        let codings = fields.list("transfer-encoding").map { $0.lowercased() }
        guard codings.last == "chunked", codings.filter({ $0 == "chunked" }).count == 1 else {
            throw .bad("the last transfer coding must be chunked, once")
        }
        guard codings.count == 1 else { throw HTTPViolation(501, "an unknown transfer coding") }
        return .chunked
    }

    /// RFC 9110 §8.6: decimal digits and nothing else.
    static func length(_ text: String, bodyBytesMax: Int) throws(HTTPViolation) -> Int {
        guard !text.isEmpty, text.utf8.allSatisfy(HTTPByte.isDigit) else { throw .bad("a malformed Content-Length") }
        guard let length = Int(text), length <= bodyBytesMax else { throw .bodyTooLarge }
        return length
    }

    /// RFC 9112 §9.3: an HTTP/1.1 connection persists unless told to close, an HTTP/1.0 one only if asked to persist.
    static func keepsAlive(_ fields: HTTPFields, isHTTP11: Bool) -> Bool {
        if fields.list("connection", contains: "close") { return false }
        return isHTTP11 || fields.list("connection", contains: "keep-alive")
    }
}
