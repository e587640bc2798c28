/// Reads one JSON text (RFC 8259), strictly: nothing before or behind it but white space.
package struct JSONParser {
    private let bytes: UnsafeRawBufferPointer
    private var at = 0
    private let depthMax: Int

    private init(_ bytes: UnsafeRawBufferPointer, depthMax: Int) {
        self.bytes = bytes
        self.depthMax = depthMax
    }

    /// The tree of `bytes`, at most `depthMax` levels of arrays and objects deep. Throws where it is no JSON text.
    package static func parse(_ bytes: UnsafeRawBufferPointer, depthMax: Int = 16) throws(JSONError) -> JSONValue {
        var parser = JSONParser(bytes, depthMax: depthMax)
        parser.skipSpace()
        let value = try parser.value(depth: 0)
        parser.skipSpace()
        guard parser.at == bytes.count else { throw parser.error(.malformed) }
        return value
    }

    /// The tree of `bytes`, at most `depthMax` levels of arrays and objects deep. Throws where it is no JSON text.
    package static func parse(_ bytes: [UInt8], depthMax: Int = 16) throws(JSONError) -> JSONValue {
        let result = bytes.withUnsafeBytes { raw in
            Result { () throws(JSONError) in try parse(raw, depthMax: depthMax) }
        }
        return try result.get()
    }

    private func error(_ code: JSONError.Code) -> JSONError { JSONError(code: code, offsetBytes: at) }

    private var byte: UInt8? { at < bytes.count ? bytes[at] : nil }

    private mutating func skipSpace() {
        while let byte, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { at += 1 }
    }

    private mutating func value(depth: Int) throws(JSONError) -> JSONValue {
        switch byte {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try literal("true", .bool(true))
        case UInt8(ascii: "f"): return try literal("false", .bool(false))
        case UInt8(ascii: "n"): return try literal("null", .null)
        default: return try number()
        }
    }

    private mutating func literal(_ word: StaticString, _ value: JSONValue) throws(JSONError) -> JSONValue {
        for index in 0..<word.utf8CodeUnitCount {
            guard byte == word.utf8Start[index] else { throw error(.malformed) }
            at += 1
        }
        return value
    }

    private mutating func object(depth: Int) throws(JSONError) -> JSONValue {
        guard depth < depthMax else { throw error(.tooDeep) }
        at += 1
        skipSpace()
        var members: [JSONMember] = []
        if byte == UInt8(ascii: "}") {
            at += 1
            return .object(members)
        }
        var more = true
        while more {
            skipSpace()
            guard byte == UInt8(ascii: "\"") else { throw error(.malformed) }
            let name = try string()
            skipSpace()
            guard byte == UInt8(ascii: ":") else { throw error(.malformed) }
            at += 1
            skipSpace()
            members.append(JSONMember(name, try value(depth: depth + 1)))
            more = try another(closing: UInt8(ascii: "}"))
        }
        return .object(members)
    }

    private mutating func array(depth: Int) throws(JSONError) -> JSONValue {
        guard depth < depthMax else { throw error(.tooDeep) }
        at += 1
        skipSpace()
        var elements: [JSONValue] = []
        if byte == UInt8(ascii: "]") {
            at += 1
            return .array(elements)
        }
        var more = true
        while more {
            skipSpace()
            elements.append(try value(depth: depth + 1))
            more = try another(closing: UInt8(ascii: "]"))
        }
        return .array(elements)
    }

    private mutating func another(closing: UInt8) throws(JSONError) -> Bool {
        skipSpace()
        guard let byte, byte == UInt8(ascii: ",") || byte == closing else { throw error(.malformed) }
        at += 1
        return byte != closing
    }

    private mutating func number() throws(JSONError) -> JSONValue {
        let start = at
        if byte == UInt8(ascii: "-") { at += 1 }
        if byte == UInt8(ascii: "0") {
            at += 1
        } else {
            try digits()
        }
        var whole = true
        if byte == UInt8(ascii: ".") {
            whole = false
            at += 1
            try digits()
        }
        if byte == UInt8(ascii: "e") || byte == UInt8(ascii: "E") {
            whole = false
            at += 1
            if byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-") { at += 1 }
            try digits()
        }
        let text = String(decoding: bytes[start..<at], as: UTF8.self)
        if whole, let value = Int64(text) { return .integer(value) }
        guard let value = Double(text) else { throw error(.malformed) }
        return .double(value)
    }

    private mutating func digits() throws(JSONError) {
        let start = at
        while let byte, byte >= 0x30, byte <= 0x39 { at += 1 }
        guard at > start else { throw error(.malformed) }
    }
}

extension JSONParser {
    private mutating func string() throws(JSONError) -> String {
        at += 1
        let start = at
        while let byte, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 { at += 1 }
        if byte == UInt8(ascii: "\"") {
            let text = try unicode(bytes[start..<at])
            at += 1
            return text
        }
        return try escapedString(from: start)
    }

    private func unicode(_ slice: Slice<UnsafeRawBufferPointer>) throws(JSONError) -> String {
        guard let text = String(validating: slice, as: UTF8.self) else { throw error(.notUnicode) }
        return text
    }

    private mutating func escapedString(from start: Int) throws(JSONError) -> String {
        var out: [UInt8] = Array(bytes[start..<at])
        while let next = byte, next != UInt8(ascii: "\"") {
            guard next >= 0x20 else { throw error(.malformed) }
            at += 1
            if next == UInt8(ascii: "\\") {
                try escape(into: &out)
            } else {
                out.append(next)
            }
        }
        guard byte == UInt8(ascii: "\"") else { throw error(.malformed) }
        guard let text = String(validating: out, as: UTF8.self) else { throw error(.notUnicode) }
        at += 1
        return text
    }

    private mutating func escape(into out: inout [UInt8]) throws(JSONError) {
        guard let kind = byte else { throw error(.malformed) }
        at += 1
        switch kind {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): out.append(kind)
        case UInt8(ascii: "b"): out.append(0x08)
        case UInt8(ascii: "f"): out.append(0x0C)
        case UInt8(ascii: "n"): out.append(0x0A)
        case UInt8(ascii: "r"): out.append(0x0D)
        case UInt8(ascii: "t"): out.append(0x09)
        case UInt8(ascii: "u"): out.append(contentsOf: Array(String(try escapedScalar()).utf8))
        default: throw error(.malformed)
        }
    }

    /// `\uXXXX`, or a pair of them for what lies beyond U+FFFF (RFC 8259 §7).
    private mutating func escapedScalar() throws(JSONError) -> Unicode.Scalar {
        let unit = try hexUnit()
        if let scalar = Unicode.Scalar(unit) { return scalar }
        guard unit < 0xDC00, byte == UInt8(ascii: "\\") else { throw error(.notUnicode) }
        at += 1
        guard byte == UInt8(ascii: "u") else { throw error(.notUnicode) }
        at += 1
        let low = try hexUnit()
        guard low >= 0xDC00, low <= 0xDFFF,
            let scalar = Unicode.Scalar(0x10000 + ((UInt32(unit) - 0xD800) << 10) + (UInt32(low) - 0xDC00))
        else { throw error(.notUnicode) }
        return scalar
    }

    private mutating func hexUnit() throws(JSONError) -> UInt16 {
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard let byte, let digit = hexDigit(byte) else { throw error(.malformed) }
            unit = unit << 4 | UInt16(digit)
            at += 1
        }
        return unit
    }
}

private func hexDigit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x30...0x39: byte - 0x30
    case 0x41...0x46: byte - 0x41 + 10
    case 0x61...0x66: byte - 0x61 + 10
    default: nil
    }
}
