import COpenSSL

/// The library below this room.
package enum CryptoLibrary {
    /// The version of the OpenSSL that is loaded, `3.0.14`.
    package static var version: String {
        OpenSSL_version(OPENSSL_VERSION_STRING).map { String(cString: $0) } ?? ""
    }
}
