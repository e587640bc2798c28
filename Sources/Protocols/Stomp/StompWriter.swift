/// Writes frames, one behind the other, into one array.
///
///     var writer = StompWriter(version: .v1_2)
///     writer.begin(.receipt)
///     writer.header("receipt-id", "77")
///     writer.end()
package struct StompWriter {
    /// What has been written.
    package private(set) var bytes: [UInt8] = []
    /// Decides how headers are escaped.
    package var version: StompVersion
    private var escapes = true

    /// A writer of nothing yet; `capacity` octets are reserved.
    package init(version: StompVersion, reserving capacity: Int = 0) {
        self.version = version
        if capacity > 0 { bytes.reserveCapacity(capacity) }
    }

    /// The line of the command.
    package mutating func begin(_ command: StompCommand) {
        escapes = command.escapesHeaders
        bytes.append(static: command.name)
        bytes.append(10)
    }

    /// A header whose value is escaped as the version asks.
    package mutating func header(_ name: StaticString, _ value: UnsafeRawBufferPointer) {
        bytes.append(static: name)
        bytes.append(UInt8(ascii: ":"))
        bytes.append(value: value, version: escapes ? version : .v1_0)
        bytes.append(10)
    }

    /// A header whose value is escaped as the version asks.
    package mutating func header(_ name: StaticString, _ value: some Collection<UInt8>) {
        withOctets(of: value) { header(name, $0) }
    }

    /// A header whose value is escaped as the version asks.
    package mutating func header(_ name: StaticString, _ value: String) { header(name, value.utf8) }

    /// A header whose value is a decimal number.
    package mutating func header(_ name: StaticString, decimal value: Int) {
        bytes.append(static: name)
        bytes.append(UInt8(ascii: ":"))
        bytes.append(decimal: value)
        bytes.append(10)
    }

    /// A header with any name; both sides are escaped.
    package mutating func header(named name: String, _ value: String) {
        let used: StompVersion = escapes ? version : .v1_0
        var name = name
        var value = value
        name.withUTF8 { bytes.append(value: UnsafeRawBufferPointer($0), version: used) }
        bytes.append(UInt8(ascii: ":"))
        value.withUTF8 { bytes.append(value: UnsafeRawBufferPointer($0), version: used) }
        bytes.append(10)
    }

    /// Ends a frame that has no body.
    package mutating func end() {
        bytes.append(10)
        bytes.append(0)
    }

    /// Writes the content-length and the body, and ends the frame.
    package mutating func end(body: some Collection<UInt8>) {
        withOctets(of: body) { bytes.append(body: $0) }
    }

    /// What has been written, which is then forgotten.
    package mutating func take() -> [UInt8] {
        let taken = bytes
        bytes = []
        return taken
    }
}

extension [UInt8] {
    mutating func append(static text: StaticString) {
        append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// The content-length, the empty line, the body and the NULL octet.
    mutating func append(body: UnsafeRawBufferPointer) {
        append(static: "content-length:")
        append(decimal: body.count)
        append(10)
        append(10)
        append(contentsOf: body)
        append(0)
    }

    mutating func append(decimal value: Int) {
        var magnitude = value.magnitude
        if value < 0 { append(UInt8(ascii: "-")) }
        var digits: [20 of UInt8] = .init(repeating: 0)
        var start = 20
        repeat {
            start &-= 1
            digits[start] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: magnitude % 10)
            magnitude /= 10
        } while magnitude > 0
        Swift.withUnsafeBytes(of: &digits) { append(contentsOf: UnsafeRawBufferPointer(rebasing: $0[start...])) }
    }

    /// Appends a header's name or value, escaped (STOMP 1.2, Value Encoding). Where the version has no escape for an
    /// octet that would end the line, it is left out: a header never makes another header.
    mutating func append(value: UnsafeRawBufferPointer, version: StompVersion) {
        var needsEscape = false
        for byte in value where byte <= 13 || byte == UInt8(ascii: ":") || byte == UInt8(ascii: "\\") {
            needsEscape = true
            break
        }
        guard needsEscape else {
            append(contentsOf: value)
            return
        }
        let escapes = version >= .v1_1
        for byte in value {
            switch byte {
            case 0: continue
            case 10:
                if escapes { append(static: "\\n") }
            case 13:
                if version >= .v1_2 { append(static: "\\r") }
            case UInt8(ascii: ":") where escapes: append(static: "\\c")
            case UInt8(ascii: "\\") where escapes: append(static: "\\\\")
            default: append(byte)
            }
        }
    }
}
