/// Collects a start line and header fields, or a trailer section, line by line (RFC 9112 §2.1, §5). Each line is judged
/// as soon as it is whole.
struct HTTPHeadReader {
    enum Step {
        case needMore
        /// The start line, as a range of `bytes`.
        case startLine(Range<Int>)
        /// The empty line behind the last field.
        case end
    }

    private(set) var bytes: [UInt8] = []
    private(set) var entries: [HTTPFields.Entry] = []
    private var lineStart = 0
    private var hasStartLine: Bool

    /// `isTrailer`: there is no start line.
    init(isTrailer: Bool = false) { hasStartLine = isTrailer }

    var isEmpty: Bool { bytes.isEmpty }

    var fields: HTTPFields { HTTPFields(bytes: bytes, entries: entries) }

    mutating func take(
        _ buffer: UnsafeRawBufferPointer, _ offset: inout Int, bytesMax: Int, fieldsMax: Int
    ) throws(HTTPViolation) -> Step {
        while offset < buffer.count {
            let byte = buffer[offset]
            guard bytes.count < bytesMax else { throw hasStartLine ? .headTooLarge : .targetTooLong }
            if bytes.isEmpty && !hasStartLine && !HTTPByte.isToken(byte) && byte != HTTPByte.carriageReturn {
                throw .bad("this is not HTTP")
            }
            offset += 1
            bytes.append(byte)
            guard byte == HTTPByte.lineFeed else { continue }
            let line = try takeLine()
            if !hasStartLine {
                if line.isEmpty { continue }  // RFC 9112 §2.2: empty lines before a request are ignored.
                hasStartLine = true
                return .startLine(line)
            }
            if line.isEmpty { return .end }
            guard entries.count < fieldsMax else { throw .headTooLarge }
            try takeField(line)
        }
        return .needMore
    }

    /// RFC 9112 §2.2: a lone CR or LF ends nothing here, so that every recipient sees the same lines.
    private mutating func takeLine() throws(HTTPViolation) -> Range<Int> {
        let end = bytes.count - 2
        guard end >= lineStart, bytes[end] == HTTPByte.carriageReturn else {
            throw .bad("a line feed without a carriage return")
        }
        let line = lineStart..<end
        lineStart = bytes.count
        return line
    }

    private mutating func takeField(_ line: Range<Int>) throws(HTTPViolation) {
        var cursor = line.lowerBound
        while cursor < line.upperBound, HTTPByte.isToken(bytes[cursor]) {
            bytes[cursor] = HTTPByte.lowercased(bytes[cursor])
            cursor += 1
        }
        // RFC 9112 §5.1: no white space before the colon; §5.2: no folded lines, which begin with white space.
        guard cursor > line.lowerBound, cursor < line.upperBound, bytes[cursor] == HTTPByte.colon else {
            throw .bad("a malformed header field")
        }
        let name = line.lowerBound..<cursor
        var start = cursor + 1
        var end = line.upperBound
        while start < end, HTTPByte.isSpace(bytes[start]) { start += 1 }
        while end > start, HTTPByte.isSpace(bytes[end - 1]) { end -= 1 }
        guard bytes[start..<end].allSatisfy(HTTPByte.isValue) else {
            throw .bad("a control character in a header field")
        }
        entries.append(HTTPFields.Entry(name: name, value: start..<end))
    }
}
