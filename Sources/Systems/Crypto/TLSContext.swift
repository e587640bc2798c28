import COpenSSL

/// Why TLS cannot be set up or went wrong, in OpenSSL's words.
package struct TLSError: Error, Equatable, CustomStringConvertible {
    /// What was tried and what OpenSSL said.
    package let description: String

    /// Reads OpenSSL's queue of errors, which belongs to the call just made.
    init(_ doing: String) {
        var words = [CChar](repeating: 0, count: 256)
        let code = ERR_get_error()
        ERR_clear_error()
        guard code != 0 else {
            description = doing
            return
        }
        ERR_error_string_n(code, &words, words.count)
        let text = String(decoding: words.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        description = "\(doing): \(text)"
    }
}

/// A certificate and its key, and what all connections with them share: TLS 1.2 and 1.3, no renegotiation.
package final class TLSContext: Sendable {
    /// SSL_CTX counts its own references and is locked inside; it is not changed after `init`.
    nonisolated(unsafe) let context: OpaquePointer

    /// A server with the PEM files of a certificate chain and of its private key. Throws where one cannot be read, or
    /// they do not belong together.
    package init(certificateFile: String, keyFile: String) throws(TLSError) {
        guard let context = SSL_CTX_new(TLS_server_method()) else { throw TLSError("SSL_CTX_new") }
        copenssl_ctx_modern(context)
        self.context = context
        guard SSL_CTX_use_certificate_chain_file(context, certificateFile) == 1 else {
            throw TLSError("the certificate \(certificateFile)")
        }
        guard SSL_CTX_use_PrivateKey_file(context, keyFile, SSL_FILETYPE_PEM) == 1 else {
            throw TLSError("the key \(keyFile)")
        }
        guard SSL_CTX_check_private_key(context) == 1 else { throw TLSError("certificate and key") }
    }

    /// A client that trusts the certificates of a PEM file, or whoever comes where there is none (tests).
    package init(trustedFile: String?) throws(TLSError) {
        guard let context = SSL_CTX_new(TLS_client_method()) else { throw TLSError("SSL_CTX_new") }
        copenssl_ctx_modern(context)
        self.context = context
        guard let trustedFile else { return }
        guard SSL_CTX_load_verify_locations(context, trustedFile, nil) == 1 else {
            throw TLSError("the certificates \(trustedFile)")
        }
        SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nil)
    }

    deinit { SSL_CTX_free(context) }
}
