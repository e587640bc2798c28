extension WebSocketParser {
    /// Takes what there is of the frame's payload. Nil: the frame is over and made no event.
    mutating func takePayload(
        _ buffer: UnsafeMutableRawBufferPointer, _ offset: inout Int
    ) -> WebSocketEvent? {
        let taken = min(frameRemaining, buffer.count - offset)
        let part = UnsafeMutableRawBufferPointer(rebasing: buffer[offset..<offset + taken])
        mask.apply(to: part)
        offset += taken
        frameRemaining -= taken
        let bytes = UnsafeRawBufferPointer(part)
        return frame.opcode.isControl ? takeControl(bytes) : takeData(bytes)
    }

    private mutating func takeControl(_ part: UnsafeRawBufferPointer) -> WebSocketEvent? {
        guard frameRemaining == 0 else {
            controlPayload.append(part)
            return .needMore
        }
        var payload = part
        if !controlPayload.isEmpty {
            controlPayload.append(part)
            payload = controlPayload.bytes
            handedOut = true
        }
        phase = .header
        switch frame.opcode {
        case .ping: return .ping(payload)
        case .pong: return .pong(payload)
        default: return close(payload)
        }
    }

    /// RFC 6455 §5.5.1, §7.4: empty, or a code of two octets and a reason in UTF-8.
    private mutating func close(_ payload: UnsafeRawBufferPointer) -> WebSocketEvent {
        phase = .finished
        handedOut = true
        if payload.isEmpty { return .close(code: nil, reason: payload) }
        guard payload.count >= 2 else { return fail(.broken("close code of one byte")) }
        let code = UInt16(payload[0]) << 8 | UInt16(payload[1])
        guard WebSocketCloseCode.isValid(code) else { return fail(.broken("close code not valid")) }
        let reason = UnsafeRawBufferPointer(rebasing: payload[2...])
        var check = UTF8Validator()
        guard check.accepts(reason), check.isComplete else {
            return fail(WebSocketViolation(WebSocketCloseCode.invalidPayload, "close reason is not UTF-8"))
        }
        return .close(code: code, reason: reason)
    }

    private mutating func takeData(_ part: UnsafeRawBufferPointer) -> WebSocketEvent? {
        if messageIsCompressed {
            if let violation = inflate(part) { return fail(violation) }
        } else if message == .text, !utf8.accepts(part) {
            return fail(.notUTF8)  // RFC 6455 §8.1
        }
        let isOver = frameRemaining == 0
        if isOver { phase = .header }
        guard isOver && frame.isFinal else {
            if !messageIsCompressed { messagePayload.append(part) }
            return isOver ? nil : .needMore
        }
        return finishMessage(part)
    }

    private mutating func finishMessage(_ part: UnsafeRawBufferPointer) -> WebSocketEvent? {
        guard let kind = message else { return nil }
        var payload = part
        if messageIsCompressed {
            if let violation = inflateTail() { return fail(violation) }
            payload = messagePayload.bytes
            handedOut = true
        } else if !messagePayload.isEmpty {
            messagePayload.append(part)
            payload = messagePayload.bytes
            handedOut = true
        }
        if kind == .text && !utf8.isComplete { return fail(.notUTF8) }
        message = nil
        return .message(kind, payload)
    }

    /// RFC 7692 §7.2.2: inflates as it arrives, and no further than the message limit.
    private mutating func inflate(_ bytes: UnsafeRawBufferPointer) -> WebSocketViolation? {
        guard let inflater else { return .broken("reserved bit set") }
        var input = bytes
        var more = !input.isEmpty
        while more {
            let room = min(max(input.count * 4, 512), 64 * 1024, limits.messageBytesMax + 1 - messagePayload.count)
            let output = UnsafeMutableRawBufferPointer(start: messagePayload.reserve(room), count: room)
            guard case .progress(let consumed, let written) = inflater.inflate(input, into: output),
                consumed >= 0, consumed <= input.count, written >= 0, written <= room
            else { return .notDeflate }
            let fresh = UnsafeRawBufferPointer(rebasing: output[..<written])
            messagePayload.commit(written)
            if messagePayload.count > limits.messageBytesMax { return .messageTooLarge }
            if message == .text, !utf8.accepts(fresh) { return .notUTF8 }
            input = UnsafeRawBufferPointer(rebasing: input[consumed...])
            if consumed == 0 && written == 0 {
                if !input.isEmpty { return .notDeflate }
                more = false
            } else {
                more = !input.isEmpty || written == room
            }
        }
        return nil
    }

    /// RFC 7692 §7.2.2: the four octets the sender left out.
    private mutating func inflateTail() -> WebSocketViolation? {
        let violation = withUnsafeTemporaryAllocation(byteCount: 4, alignment: 1) { tail in
            tail.copyBytes(from: [0x00, 0x00, 0xFF, 0xFF])
            return inflate(UnsafeRawBufferPointer(tail))
        }
        if resetsInflater { inflater?.reset() }
        return violation
    }
}
