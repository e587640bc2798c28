/// The two shapes of a log line.
enum LogLine {
    /// Longer messages are cut, so that a line is written in one piece (PIPE_BUF) and a log stays bounded.
    static let messageBytesMax = 3000

    /// `2026-11-21T04:10:00.123Z info  front-1: message`, control characters made harmless.
    static func text(milliseconds: Int64, level: LogLevel, service: String, message: String) -> [UInt8] {
        var line = Array(time(milliseconds).utf8)
        line.append(UInt8(ascii: " "))
        line += level.name.utf8
        for _ in level.name.utf8.count..<8 { line.append(UInt8(ascii: " ")) }
        line += service.utf8
        line += ": ".utf8
        for byte in cut(message) { line.append(byte < 0x20 || byte == 0x7F ? UInt8(ascii: " ") : byte) }
        line.append(UInt8(ascii: "\n"))
        return line
    }

    /// `{"time":"…","level":"info","service":"front-1","message":"…"}`.
    static func json(milliseconds: Int64, level: LogLevel, service: String, message: String) -> [UInt8] {
        var line = Array("{\"time\":\"\(time(milliseconds))\",\"level\":\"\(level.name)\",\"service\":\"".utf8)
        escape(service.utf8, into: &line)
        line += "\",\"message\":\"".utf8
        escape(cut(message), into: &line)
        line += "\"}\n".utf8
        return line
    }

    private static func cut(_ message: String) -> [UInt8] {
        var bytes = Array(message.utf8.prefix(messageBytesMax))
        if message.utf8.count > messageBytesMax {
            // Not in the middle of a scalar: continuation bytes are 10xxxxxx.
            while let last = bytes.last, last & 0xC0 == 0x80 { bytes.removeLast() }
            if let last = bytes.last, last >= 0xC0 { bytes.removeLast() }
            bytes += "…".utf8
        }
        return bytes
    }

    private static func escape(_ bytes: some Sequence<UInt8>, into line: inout [UInt8]) {
        let digits = Array("0123456789abcdef".utf8)
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): line += [UInt8(ascii: "\\"), byte]
            case UInt8(ascii: "\n"): line += "\\n".utf8
            case 0..<0x20, 0x7F: line += "\\u00".utf8 + [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            default: line.append(byte)
            }
        }
    }

    /// ISO 8601 in UTC with milliseconds.
    static func time(_ milliseconds: Int64) -> String {
        let days = Int((Double(milliseconds) / 86_400_000).rounded(.down))
        let rest = Int(milliseconds) - days * 86_400_000
        // Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", civil_from_days.
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        let date = "\(year)-\(two(month))-\(two(day))"
        let clock = "\(two(rest / 3_600_000)):\(two(rest / 60_000 % 60)):\(two(rest / 1000 % 60))"
        return "\(date)T\(clock).\(rest % 1000 < 100 ? "0" : "")\(two(rest % 1000))Z"
    }

    private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : String(number) }
}
