/// Writes frames (RFC 6455 §5.2). A server gives no masking key; a client gives a fresh, unpredictable one for each
/// frame (§5.3).
package enum WebSocketWriter {
    /// Length of the header in front of a payload of `payloadBytes`: 2, 4 or 10, and 4 more with a masking key.
    package static func headerBytes(payloadBytes: Int, isMasked: Bool = false) -> Int {
        (payloadBytes < 126 ? 2 : payloadBytes < 65536 ? 4 : 10) + (isMasked ? 4 : 0)
    }

    /// Writes an unmasked header to `target`, which has room for `headerBytes`, and returns its length.
    package static func writeHeader(
        _ opcode: WebSocketOpcode, payloadBytes: Int, isFinal: Bool = true, isCompressed: Bool = false,
        to target: UnsafeMutableRawPointer
    ) -> Int {
        precondition(payloadBytes >= 0 && !(opcode.isControl && payloadBytes > 125))
        let first = opcode.rawValue | (isFinal ? 0x80 : 0) | (isCompressed ? 0x40 : 0)
        target.storeBytes(of: first, as: UInt8.self)
        if payloadBytes < 126 {
            target.storeBytes(of: UInt8(payloadBytes), toByteOffset: 1, as: UInt8.self)
            return 2
        }
        if payloadBytes < 65536 {
            target.storeBytes(of: 126, toByteOffset: 1, as: UInt8.self)
            target.storeBytes(of: UInt16(payloadBytes).bigEndian, toByteOffset: 2, as: UInt16.self)
            return 4
        }
        target.storeBytes(of: 127, toByteOffset: 1, as: UInt8.self)
        target.storeBytes(of: UInt64(payloadBytes).bigEndian, toByteOffset: 2, as: UInt64.self)
        return 10
    }

    /// Appends a whole frame. `maskingKey`: its lowest byte is the first octet on the wire.
    package static func append(
        _ opcode: WebSocketOpcode, _ payload: UnsafeRawBufferPointer, isFinal: Bool = true,
        isCompressed: Bool = false, maskingKey: UInt32? = nil, to output: inout [UInt8]
    ) {
        let start = output.count
        withUnsafeTemporaryAllocation(byteCount: WebSocketFrameHeader.bytesMax, alignment: 8) { header in
            guard let base = header.baseAddress else { return }
            var length = writeHeader(
                opcode, payloadBytes: payload.count, isFinal: isFinal, isCompressed: isCompressed, to: base)
            if let maskingKey {
                header[1] |= 0x80
                base.storeBytes(of: maskingKey.littleEndian, toByteOffset: length, as: UInt32.self)
                length += 4
            }
            output.append(contentsOf: UnsafeRawBufferPointer(rebasing: header[..<length]))
        }
        output.append(contentsOf: payload)
        guard let maskingKey else { return }
        let payloadStart = start + headerBytes(payloadBytes: payload.count, isMasked: true)
        var mask = WebSocketMask(littleEndianKey: maskingKey)
        output.withUnsafeMutableBytes { bytes in
            mask.apply(to: UnsafeMutableRawBufferPointer(rebasing: bytes[payloadStart...]))
        }
    }

    /// Appends a whole frame from an array.
    package static func append(
        _ opcode: WebSocketOpcode, _ payload: [UInt8], maskingKey: UInt32? = nil, to output: inout [UInt8]
    ) {
        payload.withUnsafeBytes { append(opcode, $0, maskingKey: maskingKey, to: &output) }
    }

    /// Appends a text or binary message compressed (RFC 7692 §7.2.1).
    package static func appendCompressed(
        _ kind: WebSocketMessageKind, _ payload: UnsafeRawBufferPointer, deflater: any WebSocketDeflater,
        maskingKey: UInt32? = nil, to output: inout [UInt8]
    ) {
        var compressed: [UInt8] = []
        deflater.compress(payload, into: &compressed)
        if compressed.suffix(4) == [0x00, 0x00, 0xFF, 0xFF] { compressed.removeLast(4) }
        // RFC 7692 §7.2.3.6: an empty message is one empty block, 0x00.
        if compressed.isEmpty { compressed.append(0x00) }
        compressed.withUnsafeBytes { bytes in
            append(
                kind == .text ? .text : .binary, bytes, isCompressed: true, maskingKey: maskingKey, to: &output)
        }
    }

    /// Appends a Close frame. Code nil: without a code. A reason over 123 bytes is cut between characters (RFC 6455
    /// §5.5).
    package static func appendClose(
        code: UInt16?, reason: String = "", maskingKey: UInt32? = nil, to output: inout [UInt8]
    ) {
        var payload: [UInt8] = []
        if let code {
            precondition(WebSocketCloseCode.isValid(code))
            payload = [UInt8(truncatingIfNeeded: code >> 8), UInt8(truncatingIfNeeded: code)]
            for scalar in reason.unicodeScalars {
                let bytes = UTF8.encode(scalar).map(Array.init) ?? []
                guard payload.count + bytes.count <= 125 else { break }
                payload.append(contentsOf: bytes)
            }
        }
        append(.close, payload, maskingKey: maskingKey, to: &output)
    }
}
