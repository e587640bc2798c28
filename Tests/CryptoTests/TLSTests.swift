import Crypto
import Linux
import Testing

@Suite struct TLSTests {
    /// A certificate of its own for 127.0.0.1, made by the openssl program.
    private static func certificate() throws -> (folder: String, certificate: String, key: String) {
        let folder = try File.makeTemporaryFolder("madang-tls")
        let files = (folder: folder, certificate: "\(folder)/cert.pem", key: "\(folder)/key.pem")
        let options = ChildProcess.Options(
            path: "/usr/bin/openssl",
            arguments: [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "1",
                "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", files.key, "-out",
                files.certificate,
            ])
        try #require(try ChildProcess.start(options).wait() == .exited(0))
        return files
    }

    /// Carries bytes between two ends until neither has any, in pieces of `pieceBytes`.
    private func carry(
        _ client: TLSEngine, _ server: TLSEngine, pieceBytes: Int, clientText: inout [UInt8], serverText: inout [UInt8]
    ) throws {
        var moved = true
        while moved {
            moved = false
            for toServer in [true, false] {
                let bytes = (toServer ? client : server).takeOutput()
                for start in stride(from: 0, to: bytes.count, by: pieceBytes) {
                    moved = true
                    try bytes[start..<min(start + pieceBytes, bytes.count)].withUnsafeBytes { piece in
                        if toServer {
                            _ = try server.receive(piece, into: &serverText)
                        } else {
                            _ = try client.receive(piece, into: &clientText)
                        }
                    }
                }
            }
        }
    }

    @Test(arguments: [1, 7, 100_000]) func textComesThroughHoweverItIsCut(pieceBytes: Int) throws {
        let files = try Self.certificate()
        defer { File.removeFolder(files.folder) }
        let server = try TLSEngine(
            try TLSContext(certificateFile: files.certificate, keyFile: files.key), isServer: true)
        let client = try TLSEngine(try TLSContext(trustedFile: files.certificate), isServer: false)
        client.start()
        var (clientText, serverText): ([UInt8], [UInt8]) = ([], [])
        try carry(client, server, pieceBytes: pieceBytes, clientText: &clientText, serverText: &serverText)
        #expect(server.isReady && client.isReady)
        let long = [UInt8](repeating: 0x61, count: 70_000)
        try long.withUnsafeBytes { try client.send($0) }
        try Array("안녕".utf8).withUnsafeBytes { try server.send($0) }
        try carry(client, server, pieceBytes: pieceBytes, clientText: &clientText, serverText: &serverText)
        #expect(serverText == long)
        #expect(clientText == Array("안녕".utf8))
        client.close()
        var rest: [UInt8] = []
        #expect(try client.takeOutput().withUnsafeBytes { try server.receive($0, into: &rest) } == .closed)
    }

    @Test func whatIsNoTLSIsRefused() throws {
        let files = try Self.certificate()
        defer { File.removeFolder(files.folder) }
        let server = try TLSEngine(
            try TLSContext(certificateFile: files.certificate, keyFile: files.key), isServer: true)
        var text: [UInt8] = []
        #expect(throws: TLSError.self) {
            try Array("GET / HTTP/1.1\r\n\r\n".utf8).withUnsafeBytes { try server.receive($0, into: &text) }
        }
        #expect(text.isEmpty)
    }

    @Test func filesThatAreNotThereOrDoNotBelongTogether() throws {
        let one = try Self.certificate()
        defer { File.removeFolder(one.folder) }
        let other = try Self.certificate()
        defer { File.removeFolder(other.folder) }
        #expect(throws: TLSError.self) { try TLSContext(certificateFile: "/nowhere", keyFile: one.key) }
        #expect(throws: TLSError.self) { try TLSContext(certificateFile: one.certificate, keyFile: other.key) }
    }
}
