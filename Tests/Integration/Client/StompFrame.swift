import Foundation

/// A STOMP frame as it came from a front.
struct StompFrame: Sendable {
    let command: String
    let headers: [(name: String, value: String)]
    let body: String

    subscript(name: String) -> String? { headers.first { $0.name == name }?.value }

    var json: [String: Any] {
        (try? JSONSerialization.jsonObject(with: Data(body.utf8))) as? [String: Any] ?? [:]
    }

    /// All whole frames of a message; what is not a frame is a failure.
    static func frames(of bytes: [UInt8]) throws -> [StompFrame] {
        var frames: [StompFrame] = []
        var rest = bytes[...]
        while let first = rest.first {
            if first == 10 {
                rest = rest.dropFirst()
                continue
            }
            guard let (frame, after) = frame(at: rest) else {
                throw Wire.Failure(description: "not a frame: \(String(decoding: bytes, as: UTF8.self))")
            }
            frames.append(frame)
            rest = after
        }
        return frames
    }

    private static func frame(at bytes: ArraySlice<UInt8>) -> (StompFrame, ArraySlice<UInt8>)? {
        var lines: [String] = []
        var rest = bytes
        var line = ""
        repeat {
            guard let end = rest.firstIndex(of: 10) else { return nil }
            line = String(decoding: rest[..<end].filter { $0 != 13 }, as: UTF8.self)
            rest = rest[(end + 1)...]
            if !line.isEmpty { lines.append(line) }
        } while !line.isEmpty
        guard let command = lines.first else { return nil }
        let headers = lines.dropFirst().map { line in
            let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            return (name: unescape(parts[0]), value: parts.count > 1 ? unescape(parts[1]) : "")
        }
        let length = headers.first { $0.name == "content-length" }.flatMap { Int($0.value) }
        let end = length.map { rest.startIndex + $0 } ?? rest.firstIndex(of: 0)
        guard let end, end < rest.endIndex, rest[end] == 0 else { return nil }
        let frame = StompFrame(
            command: command, headers: headers, body: String(decoding: rest[..<end], as: UTF8.self))
        return (frame, rest[(end + 1)...])
    }

    /// STOMP 1.2, Value Encoding.
    private static func unescape(_ text: Substring) -> String {
        String(text).replacing("\\n", with: "\n").replacing("\\c", with: ":").replacing("\\r", with: "\r")
            .replacing("\\\\", with: "\\")
    }
}
