/// Parses what a client sends (RFC 9112), strictly: whatever two recipients could read in two ways is refused.
///
/// Push bytes in as they arrive and take events out until `.needMore`. After `.request` the caller may leave the rest
/// of the buffer for later (answers go out in the order of requests, RFC 9112 §9.3.2), or give it to the protocol
/// upgraded to.
package struct HTTPRequestParser: Sendable {
    /// How far the request at hand is, for the caller's clock.
    package enum Progress: Sendable {
        /// Between requests.
        case idle
        /// A head has begun.
        case head
        /// The head is over, the body is not.
        case body
    }

    private enum State {
        case head
        case body(remaining: Int)
        case chunks(HTTPChunkDecoder)
        case finished
    }

    private let limits: HTTPLimits
    private var state = State.head
    private var reader = HTTPHeadReader()
    private var line: HTTPRequestLine?
    private var request: HTTPRequest?
    private var body: [UInt8] = []

    /// A parser for one connection.
    package init(limits: HTTPLimits = HTTPLimits()) { self.limits = limits }

    /// Where it stands.
    package var progress: Progress {
        switch state {
        case .head: reader.isEmpty ? .idle : .head
        case .body, .chunks: .body
        case .finished: .idle
        }
    }

    /// The next event in `buffer`, read from `offset` on, which is moved behind what was taken.
    package mutating func next(in buffer: UnsafeRawBufferPointer, from offset: inout Int) -> HTTPRequestEvent {
        precondition(offset >= 0 && offset <= buffer.count)
        do {
            var event: HTTPRequestEvent?
            repeat { event = try step(buffer, &offset) } while event == nil
            return event ?? .needMore
        } catch {
            state = .finished
            return .violation(error)
        }
    }

    /// Nil: the state has moved on, and there may be more to take.
    private mutating func step(
        _ buffer: UnsafeRawBufferPointer, _ offset: inout Int
    ) throws(HTTPViolation) -> HTTPRequestEvent? {
        switch state {
        case .head: return try takeHead(buffer, &offset)
        case .body(let remaining):
            let end = min(offset + remaining, buffer.count)
            body.append(contentsOf: UnsafeRawBufferPointer(rebasing: buffer[offset..<end]))
            let left = remaining - (end - offset)
            offset = end
            state = .body(remaining: left)
            return left == 0 ? finish() : .needMore
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

    private mutating func takeHead(
        _ buffer: UnsafeRawBufferPointer, _ offset: inout Int
    ) throws(HTTPViolation) -> HTTPRequestEvent? {
        switch try reader.take(buffer, &offset, bytesMax: limits.headBytesMax, fieldsMax: limits.fieldsMax) {
        case .needMore: return .needMore
        case .startLine(let range):
            line = try HTTPRequestLine(reader.bytes[range], targetBytesMax: limits.targetBytesMax)
            return nil
        case .end:
            guard let line else { throw .bad("no request line") }
            return try begin(line, reader.fields, bodyHasBegun: offset < buffer.count)
        }
    }

    private mutating func begin(
        _ line: HTTPRequestLine, _ fields: HTTPFields, bodyHasBegun: Bool
    ) throws(HTTPViolation) -> HTTPRequestEvent? {
        let framing = try HTTPFraming(request: fields, isHTTP11: line.isHTTP11, bodyBytesMax: limits.bodyBytesMax)
        let expects = try Self.expectation(fields, isHTTP11: line.isHTTP11)
        request = HTTPRequest(
            method: line.method, target: line.target, isHTTP11: line.isHTTP11, fields: fields,
            host: try Self.host(line, fields), keepsAlive: HTTPFraming.keepsAlive(fields, isHTTP11: line.isHTTP11))
        reader = HTTPHeadReader()
        self.line = nil
        switch framing {
        case .none, .length(0): return finish()
        case .length(let count): state = .body(remaining: count)
        case .chunked: state = .chunks(HTTPChunkDecoder())
        }
        // RFC 9110 §10.1.1: not needed where the body comes already.
        return expects && !bodyHasBegun ? .expectsContinue : nil
    }

    private mutating func finish() -> HTTPRequestEvent {
        state = .head
        guard var whole = request else { return .needMore }
        request = nil
        whole.body = body
        body = []
        return .request(whole)
    }

    /// RFC 9112 §3.2: exactly one Host in HTTP/1.1, never two, never malformed.
    private static func host(_ line: HTTPRequestLine, _ fields: HTTPFields) throws(HTTPViolation) -> String {
        let hosts = fields.all("host")
        guard hosts.count == 1 || (hosts.isEmpty && !line.isHTTP11) else { throw .bad("one Host is needed") }
        let host = hosts.first ?? ""
        guard HTTPHost.isValid(host.utf8) else { throw .bad("a malformed Host") }
        return line.target.authority ?? host
    }

    /// RFC 9110 §10.1.1: nothing but 100-continue is known; HTTP/1.0 has no expectations.
    private static func expectation(_ fields: HTTPFields, isHTTP11: Bool) throws(HTTPViolation) -> Bool {
        let expectations = fields.list("expect")
        guard isHTTP11, !expectations.isEmpty else { return false }
        guard expectations.allSatisfy({ $0.lowercased() == "100-continue" }) else {
            throw HTTPViolation(417, "an unknown expectation")
        }
        return true
    }
}
