import COpenSSL

/// TLS for one connection on buffers in memory: bytes of the network in, text out, and the other way round; no socket.
/// It belongs to one thread.
package final class TLSEngine {
    private let ssl: OpaquePointer
    /// Owned by `ssl`.
    private let input: OpaquePointer
    private let output: OpaquePointer

    /// A new connection's end. Throws where OpenSSL has no memory.
    package init(_ context: TLSContext, isServer: Bool) throws(TLSError) {
        guard let ssl = SSL_new(context.context) else { throw TLSError("SSL_new") }
        guard let input = BIO_new(BIO_s_mem()), let output = BIO_new(BIO_s_mem()) else {
            SSL_free(ssl)
            throw TLSError("BIO_new")
        }
        SSL_set_bio(ssl, input, output)
        if isServer { SSL_set_accept_state(ssl) } else { SSL_set_connect_state(ssl) }
        self.ssl = ssl
        self.input = input
        self.output = output
    }

    deinit { SSL_free(ssl) }

    /// What came of bytes of the network.
    package enum Input: Equatable {
        /// More is needed, or was put out as text.
        case open
        /// The other side said it sends no more.
        case closed
    }

    /// Takes bytes of the network in and appends the text in them to `text`. What is to be sent in turn (handshake,
    /// alerts) is fetched with `takeOutput`. Throws where the other side does not speak TLS as it must.
    package func receive(_ bytes: UnsafeRawBufferPointer, into text: inout [UInt8]) throws(TLSError) -> Input {
        if !bytes.isEmpty, BIO_write(input, bytes.baseAddress, Int32(clamping: bytes.count)) != Int32(bytes.count) {
            throw TLSError("BIO_write")
        }
        var result = Input.open
        var goesOn = true
        while goesOn {
            switch readRecord(into: &text) {
            case SSL_ERROR_NONE: break
            case SSL_ERROR_WANT_READ, SSL_ERROR_WANT_WRITE: goesOn = false
            case SSL_ERROR_ZERO_RETURN:
                result = .closed
                goesOn = false
            default: throw TLSError("TLS")
            }
        }
        return result
    }

    /// Appends what one call gives, at most a record's text, and returns how it went as SSL_get_error tells.
    private func readRecord(into text: inout [UInt8]) -> Int32 {
        withUnsafeTemporaryAllocation(byteCount: 16_384, alignment: 16) { buffer in
            ERR_clear_error()
            let count = SSL_read(ssl, buffer.baseAddress, Int32(buffer.count))
            guard count > 0 else { return SSL_get_error(ssl, count) }
            text.append(contentsOf: UnsafeRawBufferPointer(rebasing: buffer[..<Int(count)]))
            return SSL_ERROR_NONE
        }
    }

    /// Whether text may be sent: the handshake is over.
    package var isReady: Bool { SSL_is_init_finished(ssl) == 1 }

    /// Begins the handshake of a client.
    package func start() {
        ERR_clear_error()
        _ = SSL_do_handshake(ssl)
    }

    /// Encrypts `text`; the bytes are fetched with `takeOutput`. Throws where the connection is broken.
    package func send(_ text: UnsafeRawBufferPointer) throws(TLSError) {
        var sent = 0
        while sent < text.count {
            ERR_clear_error()
            let count = SSL_write(
                ssl, text.baseAddress.map { $0 + sent }, Int32(clamping: text.count - sent))
            guard count > 0 else { throw TLSError("TLS") }
            sent += Int(count)
        }
    }

    /// Says that no more text comes (close_notify, RFC 8446 §6.1).
    package func close() {
        ERR_clear_error()
        _ = SSL_shutdown(ssl)
    }

    /// Takes the bytes that are to go over the network.
    package func takeOutput() -> [UInt8] {
        let count = copenssl_bio_pending(output)
        guard count > 0 else { return [] }
        var bytes = [UInt8](repeating: 0, count: count)
        let read = BIO_read(output, &bytes, Int32(clamping: count))
        bytes.removeLast(count - Int(max(read, 0)))
        return bytes
    }
}
