extension WebSocketParser {
    enum HeaderResult {
        case header(WebSocketFrameHeader)
        case incomplete
        case violation(WebSocketViolation)
    }

    /// Reads a frame header from `count` bytes at `base`. Each octet is judged as soon as it is there, so a bad frame
    /// fails before the rest of it is sent.
    func readHeader(_ base: UnsafeRawPointer, _ count: Int) -> HeaderResult {
        guard count >= 1 else { return .incomplete }
        let first = base.load(as: UInt8.self)
        guard let opcode = WebSocketOpcode(rawValue: first & 0x0F) else {
            return .violation(.broken("reserved opcode"))  // RFC 6455 §5.2
        }
        let isFinal = first & 0x80 != 0
        let isCompressed = first & 0x40 != 0
        if let violation = judgeFirst(opcode, isFinal: isFinal, reserved: first & 0x70) { return .violation(violation) }
        guard count >= 2 else { return .incomplete }
        let second = base.load(fromByteOffset: 1, as: UInt8.self)
        let isMasked = second & 0x80 != 0
        if isMasked != (role == .server) {
            // RFC 6455 §5.1: a client must mask, a server must not.
            return .violation(.broken(role == .server ? "frame is not masked" : "frame is masked"))
        }
        let short = second & 0x7F
        if opcode.isControl && short > 125 { return .violation(.broken("control frame too long")) }  // §5.5
        let lengthBytes = short == 126 ? 2 : short == 127 ? 8 : 0
        guard count >= 2 + lengthBytes else { return .incomplete }
        var length = UInt64(short)
        if short == 126 {
            length = UInt64(UInt16(bigEndian: base.loadUnaligned(fromByteOffset: 2, as: UInt16.self)))
            if length < 126 { return .violation(.broken("length not in its shortest form")) }  // §5.2
        } else if short == 127 {
            length = UInt64(bigEndian: base.loadUnaligned(fromByteOffset: 2, as: UInt64.self))
            if length >> 63 != 0 { return .violation(.broken("length beyond 63 bits")) }  // §5.2
            if length < 65536 { return .violation(.broken("length not in its shortest form")) }
        }
        if !opcode.isControl, let violation = judgeLength(opcode, length) { return .violation(violation) }
        let headerBytes = 2 + lengthBytes + (isMasked ? 4 : 0)
        guard count >= headerBytes else { return .incomplete }
        var key: UInt32 = 0
        if isMasked {
            key = UInt32(littleEndian: base.loadUnaligned(fromByteOffset: 2 + lengthBytes, as: UInt32.self))
        }
        return .header(
            WebSocketFrameHeader(
                isFinal: isFinal, isCompressed: isCompressed, opcode: opcode, payloadBytes: Int(length),
                maskingKey: key, headerBytes: headerBytes))
    }

    private func judgeFirst(_ opcode: WebSocketOpcode, isFinal: Bool, reserved: UInt8) -> WebSocketViolation? {
        if reserved != 0 {
            // RFC 6455 §5.2: not zero only where an extension gave it a meaning; RFC 7692 §6: RSV1 of a message's
            // first frame.
            guard reserved == 0x40, inflater != nil else { return .broken("reserved bit set") }
            guard opcode == .text || opcode == .binary else { return .broken("reserved bit set") }
        }
        if opcode.isControl { return isFinal ? nil : .broken("fragmented control frame") }  // §5.5
        // §5.4: fragments of one message are not mixed with another's.
        if opcode == .continuation {
            guard message != nil else { return .broken("nothing to continue") }
            return messageFragments < limits.fragmentsMax ? nil : .tooManyFragments
        }
        return message == nil ? nil : .broken("a message is not finished")
    }

    private func judgeLength(_ opcode: WebSocketOpcode, _ length: UInt64) -> WebSocketViolation? {
        let before = opcode == .continuation ? messageAnnounced : 0
        return length <= UInt64(limits.messageBytesMax - before) ? nil : .messageTooLarge
    }

    /// Takes the header in; the payload follows.
    mutating func begin(_ header: WebSocketFrameHeader) {
        frame = header
        frameRemaining = header.payloadBytes
        mask = WebSocketMask(littleEndianKey: header.maskingKey)
        phase = .payload
        switch header.opcode {
        case .text, .binary:
            message = header.opcode == .text ? .text : .binary
            messageIsCompressed = header.isCompressed
            messageFragments = 1
            messageAnnounced = header.payloadBytes
            utf8.reset()
        case .continuation:
            messageFragments += 1
            messageAnnounced += header.payloadBytes
        case .close, .ping, .pong: break
        }
    }
}
