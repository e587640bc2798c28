import Glibc

/// Finds in the bytes of a front what a bench needs to know, in place: no frame is copied.
struct FrameScanner {
    /// What a frame says.
    enum Frame {
        /// An event of the subscription whose id begins with this octet.
        case message(seq: Int64, subscription: UInt8, content: UnsafeRawBufferPointer)
        /// `id` is the number given as `receipt`; -1 where it is none.
        case receipt(id: Int, seq: Int64)
        case connected
        case error(UnsafeRawBufferPointer)
        /// WebSocket's Close.
        case close(UInt16)
        case ping(UnsafeRawBufferPointer)
    }

    /// Calls `body` for each whole frame, and returns how many bytes they took.
    ///
    /// A server's WebSocket frames are not masked, and a front cuts none into fragments.
    static func scan(_ bytes: UnsafeRawBufferPointer, _ body: (Frame) -> Void) -> Int {
        var at = 0
        while bytes.count - at >= 2 {
            var length = Int(bytes[at + 1] & 0x7F)
            var header = 2
            if length >= 126 {
                header = length == 126 ? 4 : 10
                guard bytes.count - at >= header else { return at }
                length = bytes[(at + 2)..<(at + header)].reduce(0) { $0 << 8 | Int($1) }
            }
            guard length >= 0, bytes.count - at - header >= length else { return at }
            let payload = UnsafeRawBufferPointer(rebasing: bytes[(at + header)..<(at + header + length)])
            switch bytes[at] & 0x0F {
            case 1: frames(of: payload, body)
            case 8: body(.close(payload.count >= 2 ? UInt16(payload[0]) << 8 | UInt16(payload[1]) : 1005))
            case 9: body(.ping(payload))
            default: break
            }
            at += header + length
        }
        return at
    }

    private static func frames(of payload: UnsafeRawBufferPointer, _ body: (Frame) -> Void) {
        var at = 0
        while at < payload.count {
            if payload[at] == 10 {
                at += 1
            } else {
                guard let end = frame(UnsafeRawBufferPointer(rebasing: payload[at...]), body) else { return }
                at += end
            }
        }
    }

    /// Reads one STOMP frame at the start of `bytes`, and returns its length.
    private static func frame(_ bytes: UnsafeRawBufferPointer, _ body: (Frame) -> Void) -> Int? {
        guard var line = lineEnd(bytes, 0) else { return nil }
        var (seq, receipt, length, subscription) = (Int64(-1), -1, -1, UInt8(0))
        var start = line + 1
        while let end = lineEnd(bytes, start), end > start {
            switch bytes[start] {
            case UInt8(ascii: "s"):
                if let value = value("seq:", bytes, start, end) { seq = Int64(value) }
                if starts(bytes, start, "subscription:") { subscription = bytes[start + 13] }
            case UInt8(ascii: "r"): receipt = value("receipt-id:", bytes, start, end) ?? receipt
            case UInt8(ascii: "c"): length = value("content-length:", bytes, start, end) ?? length
            default: break
            }
            start = end + 1
        }
        line = start
        let contentStart = line + 1
        guard contentStart <= bytes.count else { return nil }
        let contentEnd = length >= 0 ? contentStart + length : find(0, bytes, contentStart) ?? bytes.count
        guard contentEnd < bytes.count else { return nil }
        let content = UnsafeRawBufferPointer(rebasing: bytes[contentStart..<contentEnd])
        switch bytes[0] {
        case UInt8(ascii: "M"): body(.message(seq: seq, subscription: subscription, content: content))
        case UInt8(ascii: "R"): body(.receipt(id: receipt, seq: seq))
        case UInt8(ascii: "C"): body(.connected)
        default: body(.error(content))
        }
        return contentEnd + 1
    }

    /// What was said, from the mark that a bench's texts begin with: nothing before it in the JSON of an event is one.
    static func text(in json: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        guard let start = find(BenchText.mark, json, 0) else { return UnsafeRawBufferPointer(rebasing: json[..<0]) }
        return UnsafeRawBufferPointer(rebasing: json[start...])
    }

    private static func lineEnd(_ bytes: UnsafeRawBufferPointer, _ start: Int) -> Int? { find(10, bytes, start) }

    private static func find(_ octet: UInt8, _ bytes: UnsafeRawBufferPointer, _ start: Int) -> Int? {
        guard start < bytes.count, let base = bytes.baseAddress,
            let found = memchr(base + start, Int32(octet), bytes.count - start)
        else { return nil }
        return UnsafeRawPointer(found) - base
    }

    private static func starts(_ bytes: UnsafeRawBufferPointer, _ start: Int, _ word: StaticString) -> Bool {
        guard bytes.count - start > word.utf8CodeUnitCount, let base = bytes.baseAddress else { return false }
        return memcmp(base + start, word.utf8Start, word.utf8CodeUnitCount) == 0
    }

    /// The number behind `name`, where the line begins with it and holds nothing else.
    private static func value(
        _ name: StaticString, _ bytes: UnsafeRawBufferPointer, _ start: Int, _ end: Int
    ) -> Int? {
        guard starts(bytes, start, name) else { return nil }
        return BenchText.number(UnsafeRawBufferPointer(rebasing: bytes[(start + name.utf8CodeUnitCount)..<end]))
    }
}
