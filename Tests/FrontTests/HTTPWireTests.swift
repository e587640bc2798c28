import Glibc
import TestSupport
import Testing

/// HTTP as it comes out of a running front. It has no Kafka, and answers for itself all the same (CONTRACT section 2,
/// Service); that every request is read in one way only is proved in HTTPTests.
@Suite("HTTP on the wire") struct HTTPWireTests {
    private static func get(_ path: String, _ lines: String...) -> String {
        "GET \(path) HTTP/1.1\r\nHost: a\r\n" + lines.map { $0 + "\r\n" }.joined() + "\r\n"
    }

    private static let cases: [(name: String, sent: String, statuses: [Int], ends: Bool)] = [
        ("one request", get("/healthz"), [200], false),
        (
            "several at once, in their order", get("/healthz") + get("/nope") + get("/") + get("/readyz"),
            [200, 404, 200, 503], false
        ),
        ("close", get("/healthz", "Connection: close") + get("/healthz"), [200], true),
        ("HTTP/1.0", "GET /healthz HTTP/1.0\r\n\r\n", [200], true),
        ("HEAD", "HEAD / HTTP/1.1\r\nHost: a\r\n\r\n" + get("/healthz"), [200, 200], false),
        (
            "a body where none is asked for", get("/healthz", "Content-Length: 4") + "GET " + get("/healthz"),
            [200, 200], false
        ),
        ("100-continue", get("/healthz", "Expect: 100-continue", "Content-Length: 4"), [100], false),
        ("no Host", "GET / HTTP/1.1\r\n\r\n", [400], true),
        ("two lengths", get("/", "Content-Length: 1", "Transfer-Encoding: chunked"), [400], true),
        ("a long target", "GET /" + String(repeating: "a", count: 9000), [414], true),
        ("a long head", get("/", "X: " + String(repeating: "a", count: 9000)), [431], true),
        ("a long body", get("/", "Content-Length: 999999999"), [413], true),
        ("no HTTP", "\u{16}\u{3}\u{1}", [400], true),
        ("another method", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n", [405], false),
        ("a bad escape", get("/users/%zz"), [400], true),
    ]

    @Test func everyCaseWholeAndByteByByte() throws {
        let folder = try TemporaryDirectory()
        let ports = FreePorts.take(2)
        let key = folder.file("key")
        let made = try ChildProcess("/bin/sh", ["-c", "head -c 32 /dev/urandom > \"$1\"", "sh", key]).end(within: 10)
        #expect(made == .exited(0))
        let front = try MadangProcess.start([
            "front", "--kafka", "127.0.0.1:9", "--session-key", key, "--http", "127.0.0.1:\(ports[0])",
            "--stomp", "127.0.0.1:\(ports[1])",
        ])
        let isUp = Deadline.wait(seconds: 20) {
            Wire(port: ports[0])?.answers(to: Self.get("/healthz"), count: 1).statuses == [200]
        }
        try #require(isUp, "\(front.errorLines)")
        for (name, sent, statuses, ends) in Self.cases {
            for isSlow in [false, true] where !isSlow || sent.utf8.count < 300 {
                let wire = try #require(Wire(port: ports[0]))
                let answer = wire.answers(to: sent, count: statuses.count, ends: ends, byteByByte: isSlow)
                #expect(answer.statuses == statuses, "\(name), byte by byte: \(isSlow)")
                #expect(answer.hasEnded == ends, "\(name), byte by byte: \(isSlow)")
            }
        }
        #expect(try front.stop(within: 15) == .exited(0))
    }
}

/// One TCP connection.
private final class Wire {
    private let descriptor: Int32

    init?(port: UInt16) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        self.descriptor = descriptor
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let status = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard descriptor >= 0, status == 0 else { return nil }
    }

    deinit { close(descriptor) }

    /// Sends `text` and reads until `count` answers are there, or, where it is to end, the end.
    func answers(to text: String, count: Int, ends: Bool = false, byteByByte: Bool = false) -> (
        statuses: [Int], hasEnded: Bool
    ) {
        let bytes = Array(text.utf8)
        if byteByByte {
            var one: Int32 = 1
            setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
            for byte in bytes { _ = [byte].withUnsafeBytes { write(descriptor, $0) } }
        } else {
            _ = bytes.withUnsafeBytes { write(descriptor, $0) }
        }
        var received: [UInt8] = []
        var hasEnded = false
        let deadline = Deadline(seconds: 10)
        while !hasEnded, ends || Self.statuses(received).count < count, !deadline.isOver {
            var state = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&state, 1, deadline.millisecondsLeft) > 0 else { continue }
            var chunk = [UInt8](repeating: 0, count: 65536)
            let got = recv(descriptor, &chunk, chunk.count, 0)
            if got <= 0 { hasEnded = true } else { received += chunk[..<got] }
        }
        return (Self.statuses(received), hasEnded)
    }

    private func write(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
        send(descriptor, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
    }

    private static func statuses(_ bytes: [UInt8]) -> [Int] {
        let text = String(decoding: bytes, as: UTF8.self)
        return text.matches(of: #/HTTP/1\.1 (\d{3}) /#).compactMap { Int($0.1) }
    }
}
