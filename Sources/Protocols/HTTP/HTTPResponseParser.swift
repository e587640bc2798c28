/// Parses what a server sends to a client (RFC 9112 §4, §6.3). 1xx answers but 101 are passed over.
package struct HTTPResponseParser: Sendable {
    private enum State {
        case head
        case body(remaining: Int)
        case chunks(HTTPChunkDecoder)
        /// The body ends with the connection.
        case untilClose
        case finished
    }

    private let limits: HTTPLimits
    private var state = State.head
    private var reader = HTTPHeadReader()
    private var status: (code: Int, isHTTP11: Bool)?
    private var response: HTTPResponse?
    private var body: [UInt8] = []

    /// True when the next response answers a HEAD, and so has no body (RFC 9112 §6.3, item 1).
    package var answersHead = false
    /// False after a response behind which the server closes.
    package private(set) var keepsAlive = true

    /// A parser for one connection.
    package init(limits: HTTPLimits = HTTPLimits()) { self.limits = limits }

    /// The next event in `buffer`, read from `offset` on, which is moved behind what was taken.
    package mutating func next(in buffer: UnsafeRawBufferPointer, from offset: inout Int) -> HTTPResponseEvent {
        precondition(offset >= 0 && offset <= buffer.count)
        do {
            var event: HTTPResponseEvent?
            repeat { event = try step(buffer, &offset) } while event == nil
            return event ?? .needMore
        } catch {
            state = .finished
            return .violation(error)
        }
    }

    /// The connection has ended: a response whose body ends with it, else a violation where one was incomplete, else
    /// `.needMore`.
    package mutating func connectionEnded() -> HTTPResponseEvent {
        defer { state = .finished }
        switch state {
        case .untilClose: return finish()
        case .head where reader.isEmpty: return .needMore
        case .finished: return .needMore
        default: return .violation(.bad("the connection ended within a response"))
        }
    }

    /// Nil: the state has moved on, and there may be more to take.
    private mutating func step(
        _ buffer: UnsafeRawBufferPointer, _ offset: inout Int
    ) throws(HTTPViolation) -> HTTPResponseEvent? {
        switch state {
        case .head: return try takeHead(buffer, &offset)
        case .body(let remaining):
            let left = remaining - take(buffer, &offset, at: remaining)
            state = .body(remaining: left)
            return left == 0 ? finish() : .needMore
        case .untilClose:
            guard take(buffer, &offset, at: limits.bodyBytesMax - body.count) >= 0, offset == buffer.count else {
                throw .bodyTooLarge
            }
            return .needMore
        case .chunks(var decoder):
            state = .finished
            let isOver = try decoder.take(buffer, &offset, into: &body, limits: limits)
            state = .chunks(decoder)
            return isOver ? finish() : .needMore
        case .finished:
            offset = buffer.count
            return .needMore
        }
    }

    private mutating func take(_ buffer: UnsafeRawBufferPointer, _ offset: inout Int, at most: Int) -> Int {
        let end = min(offset + most, buffer.count)
        body.append(contentsOf: UnsafeRawBufferPointer(rebasing: buffer[offset..<end]))
        defer { offset = end }
        return end - offset
    }

    private mutating func takeHead(
        _ buffer: UnsafeRawBufferPointer, _ offset: inout Int
    ) throws(HTTPViolation) -> HTTPResponseEvent? {
        switch try reader.take(buffer, &offset, bytesMax: limits.headBytesMax, fieldsMax: limits.fieldsMax) {
        case .needMore: return .needMore
        case .startLine(let range):
            status = try Self.statusLine(reader.bytes[range])
            return nil
        case .end:
            guard let status else { throw .bad("no status line") }
            let fields = reader.fields
            reader = HTTPHeadReader()
            self.status = nil
            return try begin(status.code, fields, isHTTP11: status.isHTTP11)
        }
    }

    /// `HTTP-version SP status-code SP [reason-phrase]` (RFC 9112 §4).
    private static func statusLine(_ line: ArraySlice<UInt8>) throws(HTTPViolation) -> (code: Int, isHTTP11: Bool) {
        let isHTTP11 = try HTTPVersion.isHTTP11(line.prefix(8))
        let rest = Array(line.dropFirst(8))
        guard rest.count >= 4, rest[0] == HTTPByte.space, rest[1...3].allSatisfy(HTTPByte.isDigit),
            rest.count == 4 || rest[4] == HTTPByte.space, rest.dropFirst(4).allSatisfy(HTTPByte.isValue),
            let code = Int(String(decoding: rest[1...3], as: UTF8.self)), code >= 100
        else { throw .bad("a malformed status line") }
        return (code, isHTTP11)
    }

    private mutating func begin(
        _ code: Int, _ fields: HTTPFields, isHTTP11: Bool
    ) throws(HTTPViolation) -> HTTPResponseEvent? {
        if code < 200 && code != 101 { return nil }  // RFC 9110 §15.2
        keepsAlive = HTTPFraming.keepsAlive(fields, isHTTP11: isHTTP11)
        response = HTTPResponse(status: code, fields: fields.pairs.map { HTTPField($0.name, $0.value) })
        if answersHead || code == 101 || code == 204 || code == 304 {
            answersHead = false
            return finish()
        }
        if fields["transfer-encoding"] != nil {
            _ = try HTTPFraming.chunked(fields)
            state = .chunks(HTTPChunkDecoder())
        } else if fields["content-length"] != nil {
            let framing = try HTTPFraming(request: fields, isHTTP11: isHTTP11, bodyBytesMax: limits.bodyBytesMax)
            guard case .length(let length) = framing, length > 0 else { return finish() }
            state = .body(remaining: length)
        } else {
            keepsAlive = false
            state = .untilClose
        }
        return nil
    }

    private mutating func finish() -> HTTPResponseEvent {
        state = .head
        guard var whole = response else { return .needMore }
        response = nil
        whole.body = body
        body = []
        return .response(whole)
    }
}
