import Foundation
import Synchronization

/// The WebSocket below a client. Its reading thread refers to it alone, so that a client nobody refers to ends.
final class StompLink: Sendable {
    struct State {
        var frames: [StompFrame] = []
        var closeCode: Int?
        var isOver = false
        var trouble: String?
    }

    let wire: Wire
    let state = Mutex(State())
    private let sending = Mutex(())

    init(_ wire: Wire) { self.wire = wire }

    /// One WebSocket frame with a mask of zeros (RFC 6455 §5.3 asks for a mask, and any is one).
    func send(opcode: UInt8, _ payload: [UInt8]) throws {
        var frame: [UInt8] = [0x80 | opcode]
        switch payload.count {
        case 0..<126: frame.append(0x80 | UInt8(payload.count))
        case 126..<65_536: frame += [0x80 | 126, UInt8(payload.count >> 8), UInt8(payload.count & 0xFF)]
        default:
            frame.append(0x80 | 127)
            frame += (0..<8).reversed().map { UInt8(truncatingIfNeeded: payload.count >> ($0 * 8)) }
        }
        let bytes = frame + [0, 0, 0, 0] + payload
        try sending.withLock { _ in try wire.send(bytes) }
    }

    /// Octets as they are.
    func send(raw bytes: [UInt8]) throws { try sending.withLock { _ in try wire.send(bytes) } }

    /// Takes what comes until the connection ends; `first` came behind the handshake.
    func read(_ first: [UInt8]) {
        var bytes = first
        do {
            var running = true
            while running {
                while let (opcode, payload, rest) = Self.message(at: bytes) {
                    bytes = rest
                    try take(opcode, payload)
                }
                let part = try wire.receive(within: 600)
                bytes += part
                running = !part.isEmpty
            }
        } catch {
            state.withLock { $0.trouble = "\(error)" }
        }
        state.withLock { $0.isOver = true }
    }

    private func take(_ opcode: UInt8, _ payload: [UInt8]) throws {
        switch opcode {
        case 8:
            let code = payload.count > 1 ? Int(payload[0]) << 8 | Int(payload[1]) : nil
            state.withLock { $0.closeCode = code ?? 1005 }
            try? send(opcode: 8, payload)
        case 9: try send(opcode: 10, payload)
        case 1:
            let frames = try StompFrame.frames(of: payload)
            state.withLock { $0.frames += frames }
        default: throw Wire.Failure(description: "opcode \(opcode) came")
        }
    }

    /// A server's frame: not masked, not cut.
    private static func message(at bytes: [UInt8]) -> (UInt8, [UInt8], [UInt8])? {
        guard bytes.count >= 2 else { return nil }
        var length = Int(bytes[1] & 0x7F)
        var start = 2
        if length == 126 || length == 127 {
            start = length == 126 ? 4 : 10
            guard bytes.count >= start else { return nil }
            length = bytes[2..<start].reduce(0) { $0 << 8 | Int($1) }
        }
        guard bytes.count >= start + length else { return nil }
        return (bytes[0] & 0x0F, Array(bytes[start..<(start + length)]), Array(bytes[(start + length)...]))
    }
}
