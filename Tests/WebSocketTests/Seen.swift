import WebSocket

/// An event with its bytes copied out, so that it can be compared.
enum Seen: Equatable {
    case text(String)
    case binary([UInt8])
    case ping([UInt8])
    case pong([UInt8])
    case close(UInt16?, String)
    case violation(UInt16)

    init?(_ event: WebSocketEvent) {
        switch event {
        case .needMore: return nil
        case .message(.text, let bytes): self = .text(String(decoding: bytes, as: UTF8.self))
        case .message(.binary, let bytes): self = .binary(Array(bytes))
        case .ping(let bytes): self = .ping(Array(bytes))
        case .pong(let bytes): self = .pong(Array(bytes))
        case .close(let code, let reason): self = .close(code, String(decoding: reason, as: UTF8.self))
        case .violation(let violation): self = .violation(violation.closeCode)
        }
    }
}

/// A parser with a history.
struct Receiver: ~Copyable {
    var parser: WebSocketParser
    private(set) var seen: [Seen] = []

    init(_ role: WebSocketRole = .server, limits: WebSocketLimits = WebSocketLimits()) {
        parser = WebSocketParser(role: role, limits: limits)
    }

    init(inflater: any WebSocketInflater, limits: WebSocketLimits = WebSocketLimits()) {
        parser = WebSocketParser(role: .server, limits: limits, inflater: inflater)
    }

    /// Pushes one piece in and takes all its events.
    mutating func push(_ piece: some Collection<UInt8>) {
        var copy = Array(piece)
        copy.withUnsafeMutableBytes { buffer in
            var offset = 0
            var goesOn = true
            while goesOn {
                let event = parser.next(in: buffer, from: &offset)
                if let event = Seen(event) { seen.append(event) } else { goesOn = false }
            }
            precondition(offset == buffer.count, "needMore must have taken everything")
        }
    }
}

/// All events of `bytes` in one piece.
func received(_ bytes: [UInt8], _ role: WebSocketRole = .server, limits: WebSocketLimits = WebSocketLimits()) -> [Seen]
{
    var receiver = Receiver(role, limits: limits)
    receiver.push(bytes)
    return receiver.seen
}

/// All events of `bytes` in pieces of `size`.
func received(_ bytes: [UInt8], piecesOf size: Int, _ role: WebSocketRole = .server) -> [Seen] {
    var receiver = Receiver(role)
    var start = 0
    while start < bytes.count {
        let end = min(start + size, bytes.count)
        receiver.push(bytes[start..<end])
        start = end
    }
    return receiver.seen
}

let testKey: UInt32 = 0x8FA1_37C5

/// A frame as a client sends it, every part of it chosen freely.
func frame(
    _ opcode: UInt8, _ payload: [UInt8] = [], fin: Bool = true, rsv: UInt8 = 0, key: UInt32? = testKey,
    length: FrameLength = .shortest
) -> [UInt8] {
    var bytes: [UInt8] = [(fin ? 0x80 : 0) | rsv << 4 | opcode]
    let maskBit: UInt8 = key == nil ? 0 : 0x80
    switch length.resolved(payload.count) {
    case .seven(let count): bytes.append(maskBit | UInt8(count))
    case .sixteen(let count): bytes += [maskBit | 126, UInt8(count >> 8 & 0xFF), UInt8(count & 0xFF)]
    case .sixtyFour(let count):
        bytes.append(maskBit | 127)
        bytes += (0..<8).map { UInt8(truncatingIfNeeded: count >> UInt64(56 - 8 * $0)) }
    case .shortest: break
    }
    guard let key else { return bytes + payload }
    let octets = (0..<4).map { UInt8(truncatingIfNeeded: key >> UInt32(8 * $0)) }
    return bytes + octets + payload.enumerated().map { $1 ^ octets[$0 % 4] }
}

/// How a frame spells its length.
enum FrameLength {
    case shortest
    case seven(Int)
    case sixteen(Int)
    case sixtyFour(UInt64)

    func resolved(_ count: Int) -> FrameLength {
        guard case .shortest = self else { return self }
        return count < 126 ? .seven(count) : count < 65536 ? .sixteen(count) : .sixtyFour(UInt64(count))
    }
}

func text(_ string: String, fin: Bool = true) -> [UInt8] { frame(1, Array(string.utf8), fin: fin) }
