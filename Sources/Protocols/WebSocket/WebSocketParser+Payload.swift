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
            if let violation = endInflating() { return fail(violation) }
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
        var fresh: [UInt8] = []
        let room = limits.messageBytesMax - messagePayload.count
        let result = inflater.inflate(bytes, into: &fresh, outputBytesMax: room)
        return keep(fresh, result)
    }

    private mutating func endInflating() -> WebSocketViolation? {
        guard let inflater else { return .broken("reserved bit set") }
        var fresh: [UInt8] = []
        let room = limits.messageBytesMax - messagePayload.count
        let result = inflater.endMessage(into: &fresh, outputBytesMax: room)
        return keep(fresh, result)
    }

    private mutating func keep(_ fresh: [UInt8], _ result: WebSocketInflation) -> WebSocketViolation? {
        switch result {
        case .corrupt: return .notDeflate
        case .tooLarge: return .messageTooLarge
        case .done: break
        }
        return fresh.withUnsafeBytes { bytes in
            if message == .text, !utf8.accepts(bytes) { return .notUTF8 }
            messagePayload.append(bytes)
            return nil
        }
    }
}
