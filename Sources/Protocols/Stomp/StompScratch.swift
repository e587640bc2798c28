/// Working memory for parsing heads: one for all parsers of a thread, so that a connection without a half frame
/// keeps nothing. It also carries the limits that all those connections share.
package final class StompScratch {
    /// The limits of every frame that is parsed with this scratch.
    package let limits: StompLimits
    private let headers: UnsafeMutablePointer<StompHeader>
    private let unescaped: UnsafeMutableRawPointer
    private let unescapedMax: Int
    private var count = 0
    private var unescapedCount = 0

    /// Working memory for heads of the size that `limits` let through.
    package init(limits: StompLimits = StompLimits()) {
        precondition(limits.headersMax > 0 && limits.headerBytesMax > 0 && limits.frameBytesMax > 0)
        self.limits = limits
        headers = .allocate(capacity: limits.headersMax)
        // Unescaping only shortens, so the longest head that is let through always fits.
        unescapedMax = limits.headersMax * limits.headerBytesMax
        unescaped = .allocate(byteCount: unescapedMax, alignment: 8)
    }

    deinit {
        headers.deallocate()
        unescaped.deallocate()
    }

    /// What stands before a body.
    struct Head {
        var command: StompCommand
        var commandName: UnsafeRawBufferPointer
        /// Octets up to the body.
        var bytes: Int
        var contentLength: Int?
    }

    /// How far a head came.
    enum HeadResult {
        case complete(Head)
        /// The octets end within a line, behind `lines` whole ones; that line has `lineBytes` so far.
        case incomplete(lines: Int, lineBytes: Int)
    }

    /// The headers of the head that was parsed last.
    var view: UnsafeBufferPointer<StompHeader> { UnsafeBufferPointer(start: headers, count: count) }

    /// Parses the head that begins `bytes`: the command, the headers and the empty line.
    func parseHead(_ bytes: UnsafeRawBufferPointer, version: StompVersion?) throws(StompError) -> HeadResult {
        count = 0
        unescapedCount = 0
        var command: StompCommand = .unknown
        var commandName = UnsafeRawBufferPointer(start: nil, count: 0)
        var lines = 0
        var start = 0
        while start < bytes.count {
            let lineEnd = indexOfLineEnd(in: bytes, from: start)
            if lineEnd == bytes.count { break }
            guard bytes[lineEnd] != 0 else { throw failure(.malformed, "a NULL octet before the end of the headers") }
            var end = lineEnd
            if end > start, bytes[end &- 1] == 13 { end &-= 1 }
            let line = UnsafeRawBufferPointer(rebasing: bytes[start..<end])
            try checkLine(bytes: line.count, lines: lines, isEnd: line.isEmpty)
            if lines == 0 {
                guard isUTF8(line) else { throw failure(.notUTF8, "the command is not UTF-8") }
                command = StompCommand(name: line)
                commandName = line
            } else if line.isEmpty {
                let head = Head(command: command, commandName: commandName, bytes: lineEnd &+ 1, contentLength: nil)
                return .complete(try finish(head, version: version))
            } else {
                try addHeader(line, escapes: command.escapesHeaders, version: version)
            }
            lines &+= 1
            start = lineEnd &+ 1
        }
        return .incomplete(lines: lines, lineBytes: bytes.count &- start)
    }

    /// Holds a line against the limits; `lines` come before it.
    func checkLine(bytes: Int, lines: Int, isEnd: Bool) throws(StompError) {
        guard bytes <= limits.headerBytesMax else {
            throw failure(.tooLarge, "a header line has more than \(limits.headerBytesMax) octets")
        }
        guard isEnd || lines <= limits.headersMax else {
            throw failure(.tooLarge, "more than \(limits.headersMax) headers")
        }
    }

    /// The error, with the `receipt` header of what has been read of the head.
    func failure(_ kind: StompError.Kind, _ message: String) -> StompError {
        for header in view where bytesEqual(header.name, "receipt") {
            return StompError(kind, message, receipt: [UInt8](header.value))
        }
        return StompError(kind, message)
    }

    /// Forgets the headers, so that `failure` does not tell those of another frame.
    func clear() { count = 0 }

    private func finish(_ head: Head, version: StompVersion?) throws(StompError) -> Head {
        var head = head
        if isPadded(head.command, version: version) {
            for index in 0..<count { headers[index].value = trimmingSpaces(headers[index].value) }
        }
        for header in view where bytesEqual(header.name, "content-length") {
            guard let length = decimal(header.value) else {
                throw failure(.malformed, "content-length is not a decimal number")
            }
            head.contentLength = length
            break
        }
        return head
    }

    /// Whether the spaces around header values are padding: the examples of STOMP 1.0 have them, later versions
    /// must never trim (STOMP 1.2, Value Encoding). A CONNECT without accept-version is of 1.0.
    private func isPadded(_ command: StompCommand, version: StompVersion?) -> Bool {
        if let version { return version == .v1_0 }
        return command == .connect && !view.contains { bytesEqual($0.name, "accept-version") }
    }

    private func addHeader(_ line: UnsafeRawBufferPointer, escapes: Bool, version: StompVersion?) throws(StompError) {
        let colon = index(of: UInt8(ascii: ":"), in: line, from: 0)
        guard colon < line.count, colon > 0 else {
            throw failure(.malformed, colon == 0 ? "a header without a name" : "a header line without a colon")
        }
        guard isUTF8(line) else { throw failure(.notUTF8, "a header is not UTF-8") }
        var name = UnsafeRawBufferPointer(rebasing: line[..<colon])
        var value = UnsafeRawBufferPointer(rebasing: line[(colon &+ 1)...])
        if escapes, let version, version >= .v1_1 {
            // Only 1.2 can write a carriage return as an escape, so only there a bare one is against the grammar.
            if version == .v1_2, index(of: 13, in: line, from: 0) < line.count {
                throw failure(.malformed, "a carriage return within a header")
            }
            if index(of: UInt8(ascii: "\\"), in: line, from: 0) < line.count {
                name = try unescape(name, version: version)
                value = try unescape(value, version: version)
            }
        }
        headers.advanced(by: count).initialize(to: StompHeader(name: name, value: value))
        count &+= 1
    }

    private func unescape(
        _ bytes: UnsafeRawBufferPointer, version: StompVersion
    ) throws(StompError) -> UnsafeRawBufferPointer {
        precondition(unescapedCount + bytes.count <= unescapedMax)
        let start = unescapedCount
        var position = 0
        while position < bytes.count {
            var byte = bytes[position]
            position &+= 1
            if byte == UInt8(ascii: "\\") {
                guard position < bytes.count else { throw failure(.undefinedEscape, "a header ends in a backslash") }
                switch bytes[position] {
                case UInt8(ascii: "n"): byte = 10
                case UInt8(ascii: "c"): byte = UInt8(ascii: ":")
                case UInt8(ascii: "\\"): byte = UInt8(ascii: "\\")
                case UInt8(ascii: "r") where version >= .v1_2: byte = 13
                default: throw failure(.undefinedEscape, "an escape that STOMP \(version.name) does not define")
                }
                position &+= 1
            }
            unescaped.storeBytes(of: byte, toByteOffset: unescapedCount, as: UInt8.self)
            unescapedCount &+= 1
        }
        return UnsafeRawBufferPointer(start: unescaped.advanced(by: start), count: unescapedCount &- start)
    }
}
