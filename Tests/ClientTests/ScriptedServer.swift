import Linux
import TestSupport
import Testing

/// A server of one test: listens on a free port, and runs a script for each connection, in order.
final class ScriptedServer {
    /// The blocking end of a connection, in the script.
    struct Peer {
        let descriptor: Int32

        /// Reads until `end` was seen; what came.
        func read(until end: String) -> String {
            var text: [UInt8] = []
            var chunk = [UInt8](repeating: 0, count: 4096)
            let wanted = Array(end.utf8)
            while !text.contains(wanted) {
                guard case .bytes(let count) = chunk.withUnsafeMutableBytes({ Descriptor.read(descriptor, into: $0) })
                else { break }
                text += chunk[..<count]
            }
            return String(decoding: text, as: UTF8.self)
        }

        /// Reads a chunk as it comes.
        func readSome() -> [UInt8] {
            var chunk = [UInt8](repeating: 0, count: 65_536)
            guard case .bytes(let count) = chunk.withUnsafeMutableBytes({ Descriptor.read(descriptor, into: $0) })
            else {
                return []
            }
            return Array(chunk[..<count])
        }

        func write(_ bytes: some Sequence<UInt8>) {
            let all = Array(bytes)
            all.withUnsafeBytes { buffer in
                do { try Descriptor.writeAll(descriptor, buffer) } catch {}
            }
        }

        func write(_ text: String) { write(text.utf8) }
    }

    private let listener: Int32
    private let thread: NativeThread
    let port: UInt16

    init(_ scripts: [@Sendable (Peer) -> Void]) throws {
        let listener = try Socket.listen(
            try #require(try SocketAddress.resolve(host: "127.0.0.1", port: 0).first), reusePort: false)
        self.listener = listener
        port = try Socket.localAddress(listener).port
        thread = try NativeThread.start(name: "scripted") {
            for script in scripts {
                guard (try? Descriptor.waitReadable(listener, milliseconds: 20_000)) == true,
                    case .connection(let descriptor) = Socket.accept(listener)
                else { return }
                try? Descriptor.setBlocking(descriptor, true)
                script(Peer(descriptor: descriptor))
                Descriptor.close(descriptor)
            }
        }
    }

    /// Waits for the scripts.
    func finish() {
        thread.join()
        Descriptor.close(listener)
    }
}
