internal import JSON

/// The frames that the client accepts (Protocol and framing), and what it sends.
package enum SockJSFrame {
    /// `o`
    package static let open: [UInt8] = [UInt8(ascii: "o")]

    /// `h`
    package static let heartbeat: [UInt8] = [UInt8(ascii: "h")]

    /// `c[3000,"Go away!"]`
    package static func close(code: Int, reason: String) -> [UInt8] {
        var frame = Array("c[\(code),".utf8)
        var reason = reason
        reason.withUTF8 { appendString(UnsafeRawBufferPointer($0), to: &frame) }
        frame.append(UInt8(ascii: "]"))
        return frame
    }

    /// `a["…"]` of one message, which must be UTF-8.
    package static func appendMessage(_ message: UnsafeRawBufferPointer, to frame: inout [UInt8]) {
        frame.append(UInt8(ascii: "a"))
        frame.append(UInt8(ascii: "["))
        appendString(message, to: &frame)
        frame.append(UInt8(ascii: "]"))
    }

    /// A JSON string in which every character that browsers mangle is escaped (JSON Unicode Encoding,
    /// `escapable_by_server`): U+0000 to 1F, 200C to 200F, 2028 to 202F, 2060 to 206F, FFF0 to FFFF.
    package static func appendString(_ text: UnsafeRawBufferPointer, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        var start = 0
        var position = 0
        while position < text.count {
            let byte = text[position]
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte < 0x20 {
                bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: text[start..<position]))
                appendEscape(of: byte, to: &bytes)
                start = position &+ 1
            } else if byte == 0xE2 || byte == 0xEF, position &+ 2 < text.count {
                let scalar =
                    UInt16(byte & 0x0F) << 12 | UInt16(text[position &+ 1] & 0x3F) << 6
                    | UInt16(text[position &+ 2] & 0x3F)
                if isMangled(scalar) {
                    bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: text[start..<position]))
                    appendUnicodeEscape(scalar, to: &bytes)
                    start = position &+ 3
                }
                position &+= 2
            }
            position &+= 1
        }
        if start < text.count {
            bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: text[start...]))
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private static func isMangled(_ scalar: UInt16) -> Bool {
        switch scalar {
        case 0x200C...0x200F, 0x2028...0x202F, 0x2060...0x206F, 0xFFF0...0xFFFF: true
        default: false
        }
    }

    private static func appendEscape(of byte: UInt8, to bytes: inout [UInt8]) {
        let letter: UInt8
        switch byte {
        case 0x08: letter = UInt8(ascii: "b")
        case 0x09: letter = UInt8(ascii: "t")
        case 0x0A: letter = UInt8(ascii: "n")
        case 0x0C: letter = UInt8(ascii: "f")
        case 0x0D: letter = UInt8(ascii: "r")
        case 0x00..<0x20: return appendUnicodeEscape(UInt16(byte), to: &bytes)
        default: letter = byte
        }
        bytes.append(UInt8(ascii: "\\"))
        bytes.append(letter)
    }

    private static func appendUnicodeEscape(_ scalar: UInt16, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\\"))
        bytes.append(UInt8(ascii: "u"))
        for shift: UInt16 in [12, 8, 4, 0] {
            let digit = UInt8(truncatingIfNeeded: scalar >> shift & 15)
            bytes.append(digit < 10 ? UInt8(ascii: "0") &+ digit : UInt8(ascii: "a") &+ digit &- 10)
        }
    }

    /// The messages in the body of an xhr_send: a JSON array of strings, which may be empty.
    package static func messages(inSend body: UnsafeRawBufferPointer) throws(SockJSError) -> [[UInt8]] {
        guard !body.isEmpty else { throw .payloadExpected }
        guard case .array(let elements) = try parse(body) else { throw .payloadExpected }
        return try strings(elements)
    }

    /// The messages in a WebSocket message: nothing, a JSON array of strings, or a string by itself.
    ///
    /// - Throws: `SockJSError`; the connection must then end at once (Websocket.test_broken_json).
    package static func messages(inWebSocket payload: UnsafeRawBufferPointer) throws(SockJSError) -> [[UInt8]] {
        guard !payload.isEmpty else { return [] }
        let value = try parse(payload)
        if case .array(let elements) = value { return try strings(elements) }
        return try strings([value])
    }

    private static func parse(_ bytes: UnsafeRawBufferPointer) throws(SockJSError) -> JSONValue {
        do {
            return try JSONParser.parse(bytes, depthMax: 2)
        } catch {
            throw .brokenJSON
        }
    }

    private static func strings(_ elements: [JSONValue]) throws(SockJSError) -> [[UInt8]] {
        var messages: [[UInt8]] = []
        messages.reserveCapacity(elements.count)
        for element in elements {
            guard case .string(let text) = element else { throw .brokenJSON }
            messages.append(Array(text.utf8))
        }
        return messages
    }
}
