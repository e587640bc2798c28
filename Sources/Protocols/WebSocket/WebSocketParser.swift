/// Parses what a peer sends after the handshake (RFC 6455 §5 to §8), without I/O.
///
/// Push bytes in as they arrive and take events out until `.needMore`. Payloads are unmasked in place; the usual frame,
/// whole in the buffer, is neither copied nor does it allocate. Only an incomplete message is kept, within the limits.
package struct WebSocketParser: ~Copyable {
    let role: WebSocketRole
    let limits: WebSocketLimits
    let inflater: (any WebSocketInflater)?

    var phase = Phase.header
    /// The part of a header that has arrived, and how long it is.
    private var partialHeader: (UInt64, UInt64) = (0, 0)
    private var partialHeaderBytes = 0

    // The frame at hand.
    var frame = WebSocketFrameHeader(
        isFinal: true, isCompressed: false, opcode: .continuation, payloadBytes: 0, maskingKey: 0, headerBytes: 0)
    var frameRemaining = 0
    var mask = WebSocketMask(littleEndianKey: 0)
    var controlPayload = ByteStore()

    // The message at hand.
    var message: WebSocketMessageKind?
    var messageIsCompressed = false
    var messageFragments = 0
    /// Bytes announced by the headers of this message so far.
    var messageAnnounced = 0
    var messagePayload = ByteStore()
    var utf8 = UTF8Validator()
    /// A kept payload was handed out with the last event; its memory goes at the next call.
    var handedOut = false

    enum Phase {
        case header, payload
        /// After a Close frame or a violation nothing more is read (RFC 6455 §1.4, §7.1.7).
        case finished
    }

    /// `inflater`: given where permessage-deflate was agreed.
    package init(
        role: WebSocketRole, limits: WebSocketLimits = WebSocketLimits(), inflater: (any WebSocketInflater)? = nil
    ) {
        self.role = role
        self.limits = limits
        self.inflater = inflater
    }

    /// True after a Close frame or a violation: later bytes are dropped.
    package var isFinished: Bool { phase == .finished }

    /// True while a frame or a fragmented message is incomplete, for the caller's clock on slow frames.
    package var isInsideMessage: Bool { phase == .payload || partialHeaderBytes > 0 || message != nil }

    /// The next event in `buffer`, read from `offset` on, which is moved behind what was taken. Call until `.needMore`;
    /// then the whole buffer has been taken. The bytes taken are unmasked in place.
    package mutating func next(
        in buffer: UnsafeMutableRawBufferPointer, from offset: inout Int
    ) -> WebSocketEvent {
        precondition(offset >= 0 && offset <= buffer.count)
        if handedOut { forgetHandedOut() }
        while phase != .finished {
            if phase == .header {
                switch takeHeader(buffer, &offset) {
                case .header(let header): begin(header)
                case .incomplete: return .needMore
                case .violation(let violation): return fail(violation)
                }
            }
            if let event = takePayload(buffer, &offset) { return event }
        }
        offset = buffer.count
        return .needMore
    }

    mutating func fail(_ violation: WebSocketViolation) -> WebSocketEvent {
        phase = .finished
        handedOut = true
        return .violation(violation)
    }

    private mutating func forgetHandedOut() {
        handedOut = false
        controlPayload.release()
        // A control frame between fragments leaves the message alone.
        if message == nil || phase == .finished { messagePayload.release() }
    }

    private mutating func takeHeader(
        _ buffer: UnsafeMutableRawBufferPointer, _ offset: inout Int
    ) -> HeaderResult {
        let available = buffer.count - offset
        guard available > 0, let base = buffer.baseAddress else { return .incomplete }
        if partialHeaderBytes == 0 {
            let result = readHeader(UnsafeRawPointer(base + offset), available)
            switch result {
            case .header(let header): offset += header.headerBytes
            case .incomplete: keepPartialHeader(buffer, &offset)
            case .violation: break
            }
            return result
        }
        let before = partialHeaderBytes
        let start = offset
        keepPartialHeader(buffer, &offset)
        let have = partialHeaderBytes
        let result = withUnsafeTemporaryAllocation(byteCount: 16, alignment: 8) { copy in
            copy.storeBytes(of: partialHeader, as: (UInt64, UInt64).self)
            return copy.baseAddress.map { readHeader(UnsafeRawPointer($0), have) } ?? .incomplete
        }
        if case .header(let header) = result {
            offset = start + header.headerBytes - before
            partialHeaderBytes = 0
        }
        return result
    }

    /// Copies what there is of a header, never beyond its longest form.
    private mutating func keepPartialHeader(_ buffer: UnsafeMutableRawBufferPointer, _ offset: inout Int) {
        let taken = min(WebSocketFrameHeader.bytesMax - partialHeaderBytes, buffer.count - offset)
        let part = UnsafeRawBufferPointer(rebasing: buffer[offset..<offset + taken])
        let position = partialHeaderBytes
        withUnsafeMutableBytes(of: &partialHeader) { header in
            UnsafeMutableRawBufferPointer(rebasing: header[position...]).copyMemory(from: part)
        }
        partialHeaderBytes += taken
        offset += taken
    }
}
