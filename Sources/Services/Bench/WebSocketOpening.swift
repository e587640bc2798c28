import Crypto
import Linux
import WebSocket

/// Opens the WebSockets of a bench, one after the other, before the reactor takes them over.
enum WebSocketOpening {
    /// A blocking socket whose handshake has been answered; what follows the answer has not been read.
    static func open(_ front: BenchConfiguration.Front, token: String) throws(BenchFailure) -> Int32 {
        let descriptor: Int32
        do {
            descriptor = try Socket.connect(host: front.host, port: front.port, timeoutMilliseconds: 5000)
        } catch {
            throw BenchFailure("no front at \(front): \(error)")
        }
        do throws(BenchFailure) {
            try shakeHands(descriptor, front, token)
            return descriptor
        } catch {
            Descriptor.close(descriptor)
            throw error
        }
    }

    private static func shakeHands(
        _ descriptor: Int32, _ front: BenchConfiguration.Front, _ token: String
    ) throws(BenchFailure) {
        let handshake = WebSocketClientHandshake(nonce: SystemRandom.bytes(16))
        let request = handshake.request(
            host: "\(front)", path: "/stomp/chat", headers: [("Authorization", "Bearer \(token)")])
        do {
            try request.withUnsafeBytes { try Descriptor.writeAll(descriptor, $0) }
        } catch {
            throw BenchFailure("\(front): \(error)")
        }
        var answer: [UInt8] = []
        while !answer.reversed().starts(with: [10, 13, 10, 13]) {
            // One octet at a time: what follows the head belongs to the reactor.
            guard let next = octet(descriptor), answer.count < 8192 else {
                throw BenchFailure("\(front) did not answer the handshake")
            }
            answer.append(next)
        }
        let lines = String(decoding: answer, as: UTF8.self).split(separator: "\r\n")
        let status = lines.first?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        let fields = lines.dropFirst().map { line in
            let parts = line.split(separator: ":", maxSplits: 1)
            return (name: parts[0].lowercased(), value: String(parts.last?.drop { $0 == " " } ?? ""))
        }
        let defect = handshake.defect(
            status: status, header: { name in fields.filter { $0.name == name }.map(\.value) }, sha1: SHA1.hash)
        if let defect { throw BenchFailure("\(front) refused the handshake: \(defect)") }
    }

    private static func octet(_ descriptor: Int32) -> UInt8? {
        guard (try? Descriptor.waitReadable(descriptor, milliseconds: 40_000)) == true else { return nil }
        var octet: UInt8 = 0
        let result = withUnsafeMutableBytes(of: &octet) { Descriptor.read(descriptor, into: $0) }
        return result == .bytes(1) ? octet : nil
    }
}
