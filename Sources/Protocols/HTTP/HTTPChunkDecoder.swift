/// Decodes the chunked coding (RFC 9112 §7.1). Extensions and trailers are checked, counted and left out.
struct HTTPChunkDecoder {
    private enum State {
        case size
        case extensions
        case data
        case dataEnd
        case trailer
    }

    private var state = State.size
    private var size = 0
    private var sizeDigits = 0
    private var extensionsBytes = 0
    private var sawCarriageReturn = false
    /// Behind the size nothing but white space has come, so much of it.
    private var onlySpace = true
    private var spaceBytes = 0
    private var trailer = HTTPHeadReader(isTrailer: true)

    /// Takes what there is and appends the data to `body`. True when the last chunk and the trailers are over.
    mutating func take(
        _ buffer: UnsafeRawBufferPointer, _ offset: inout Int, into body: inout [UInt8], limits: HTTPLimits
    ) throws(HTTPViolation) -> Bool {
        while offset < buffer.count {
            switch state {
            case .size: try takeSize(buffer, &offset, bodyCount: body.count, limits)
            case .extensions: try takeExtensions(buffer[offset], &offset, limits)
            case .data:
                let end = min(offset + size, buffer.count)
                body.append(contentsOf: UnsafeRawBufferPointer(rebasing: buffer[offset..<end]))
                size -= end - offset
                offset = end
                if size == 0 { state = .dataEnd }
            case .dataEnd: try takeDataEnd(buffer[offset], &offset)
            case .trailer:
                let step = try trailer.take(
                    buffer, &offset, bytesMax: limits.chunkExtrasBytesMax, fieldsMax: limits.fieldsMax)
                if case .end = step { return true }
            }
        }
        return false
    }

    private mutating func takeSize(
        _ buffer: UnsafeRawBufferPointer, _ offset: inout Int, bodyCount: Int, _ limits: HTTPLimits
    ) throws(HTTPViolation) {
        let byte = buffer[offset]
        if let digit = HTTPByte.hexDigit(byte) {
            sizeDigits += 1
            guard sizeDigits <= 16 else { throw .bad("a malformed chunk size") }
            // RFC 9112 §7.1: must not overflow; each digit is held against the limit.
            size = size << 4 | Int(digit)
            guard size <= limits.bodyBytesMax - bodyCount else { throw .bodyTooLarge }
            offset += 1
            return
        }
        guard sizeDigits > 0 else { throw .bad("a malformed chunk size") }
        guard byte == HTTPByte.carriageReturn || byte == UInt8(ascii: ";") || HTTPByte.isSpace(byte) else {
            throw .bad("a malformed chunk size")
        }
        state = .extensions
    }

    /// The rest of the line: nothing, or `;` and extensions, with white space before the `;` only.
    private mutating func takeExtensions(
        _ byte: UInt8, _ offset: inout Int, _ limits: HTTPLimits
    ) throws(HTTPViolation) {
        offset += 1
        if sawCarriageReturn {
            guard byte == HTTPByte.lineFeed else { throw .bad("a malformed chunk extension") }
            sawCarriageReturn = false
            sizeDigits = 0
            onlySpace = true
            state = size == 0 ? .trailer : .data
            return
        }
        if byte == HTTPByte.carriageReturn {
            guard !onlySpace || spaceBytes == 0 else { throw .bad("white space behind a chunk size") }
            spaceBytes = 0
            sawCarriageReturn = true
            return
        }
        guard HTTPByte.isValue(byte) else { throw .bad("a malformed chunk extension") }
        extensionsBytes += 1
        guard extensionsBytes <= limits.chunkExtrasBytesMax else { throw .headTooLarge }
        if onlySpace {
            if HTTPByte.isSpace(byte) {
                spaceBytes += 1
            } else {
                guard byte == UInt8(ascii: ";") else { throw .bad("a malformed chunk size") }
                onlySpace = false
            }
        }
    }

    private mutating func takeDataEnd(_ byte: UInt8, _ offset: inout Int) throws(HTTPViolation) {
        offset += 1
        guard byte == (sawCarriageReturn ? HTTPByte.lineFeed : HTTPByte.carriageReturn) else {
            throw .bad("a chunk is longer than its size")
        }
        if sawCarriageReturn { state = .size }
        sawCarriageReturn.toggle()
    }
}
