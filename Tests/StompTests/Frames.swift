import Stomp
import Testing

/// What a stream of octets gave: its frames, and the error that ended it.
struct Parsed: Equatable {
    var frames: [StompFrame] = []
    var error: StompError?
}

/// Parses `text`, cut before each of `cuts`.
func parse(
    _ bytes: [UInt8], version: StompVersion? = .v1_2, limits: StompLimits = StompLimits(), cuts: [Int] = []
) -> Parsed {
    var reader = StompFrameReader(version: version, limits: limits)
    var parsed = Parsed()
    var start = 0
    do {
        for cut in cuts + [bytes.count] {
            try reader.receive(Array(bytes[start..<cut]), into: &parsed.frames)
            start = cut
        }
    } catch {
        parsed.error = error
    }
    return parsed
}

/// As above; `^@` in `text` is the NULL octet, as in the specification.
func parse(_ text: String, version: StompVersion? = .v1_2, limits: StompLimits = StompLimits()) -> Parsed {
    parse(octets(text), version: version, limits: limits)
}

/// The octets of `text`, with NULL for `^@`.
func octets(_ text: String) -> [UInt8] {
    var bytes: [UInt8] = []
    for byte in text.utf8 {
        if byte == UInt8(ascii: "@"), bytes.last == UInt8(ascii: "^") {
            bytes[bytes.count - 1] = 0
        } else {
            bytes.append(byte)
        }
    }
    return bytes
}

/// The one frame in `text`.
func frame(_ text: String, version: StompVersion? = .v1_2) throws -> StompFrame {
    let parsed = parse(text, version: version)
    #expect(parsed.error == nil)
    try #require(parsed.frames.count == 1)
    return parsed.frames[0]
}

/// What a writer wrote, with `^@` for the NULL octet.
func text(_ version: StompVersion = .v1_2, _ write: (inout StompWriter) -> Void) -> String {
    var writer = StompWriter(version: version)
    write(&writer)
    return String(decoding: writer.bytes, as: UTF8.self).replacing("\0", with: "^@")
}
