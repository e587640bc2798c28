internal import Glibc

/// An IPv4 address and port to listen on.
struct ListenAddress {
    let text: String
    let address: sockaddr_in

    /// Reads `HOST:PORT`; HOST is a dotted address or `localhost`. Throws `invalid`.
    init(_ text: String) throws(KafkaError) {
        let wrong = KafkaError(
            code: .invalid, rawCode: -186, message: "'\(text)' is no address to listen on: IPv4:PORT is accepted")
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
            throw wrong
        }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        let host = text[..<colon] == "localhost" ? "127.0.0.1" : String(text[..<colon])
        guard inet_pton(AF_INET, host, &address.sin_addr) == 1 else { throw wrong }
        self.text = text
        self.address = address
    }
}
