/// permessage-deflate as agreed for one connection (RFC 7692 §7.1). Nothing is compressed here.
package struct WebSocketDeflate: Equatable, Sendable {
    /// The server compresses each message without looking back at earlier ones.
    package var serverNoContextTakeover: Bool
    /// The client does.
    package var clientNoContextTakeover: Bool
    /// Base-2 logarithm of the server's window, 9 to 15.
    package var serverWindowBits: Int
    /// Base-2 logarithm of the client's window, 8 to 15.
    package var clientWindowBits: Int

    /// What a server wants: no context takeover either way unless told otherwise, so that an idle connection costs no
    /// window. Windows: the largest this end uses or takes, 9 to 15.
    package init(
        serverNoContextTakeover: Bool = true, clientNoContextTakeover: Bool = true, serverWindowBits: Int = 15,
        clientWindowBits: Int = 15
    ) {
        precondition((9...15).contains(serverWindowBits) && (8...15).contains(clientWindowBits))
        self.serverNoContextTakeover = serverNoContextTakeover
        self.clientNoContextTakeover = clientNoContextTakeover
        self.serverWindowBits = serverWindowBits
        self.clientWindowBits = clientWindowBits
    }

    static let name = "permessage-deflate"

    /// The first acceptable offer in `offers` (RFC 7692 §5: an unacceptable one is declined, not an error), with the
    /// value for the response; `wanted`: this server's own wishes.
    static func negotiate(
        _ offers: [WebSocketExtensionOffer], wanted: WebSocketDeflate
    ) -> (agreed: WebSocketDeflate, response: String)? {
        for offer in offers where HeaderField.lowercased(offer.name) == name {
            if let result = accept(offer, wanted) { return result }
        }
        return nil
    }

    private static func accept(
        _ offer: WebSocketExtensionOffer, _ wanted: WebSocketDeflate
    ) -> (agreed: WebSocketDeflate, response: String)? {
        guard let asked = Asked(offer, isResponse: false) else { return nil }
        var agreed = wanted
        var response = name
        if asked.serverNoContextTakeover { agreed.serverNoContextTakeover = true }
        if agreed.serverNoContextTakeover { response += "; server_no_context_takeover" }
        // A server may ask for this whether or not the client offered it (RFC 7692 §7.1.1.2).
        if asked.clientNoContextTakeover { agreed.clientNoContextTakeover = true }
        if agreed.clientNoContextTakeover { response += "; client_no_context_takeover" }
        if let bits = asked.serverWindowBits {
            // zlib has no window of 256 bytes in raw deflate, so 8 is declined (RFC 7692 §7.1.2.1 allows that).
            guard bits >= 9 else { return nil }
            agreed.serverWindowBits = min(bits, wanted.serverWindowBits)
            response += "; server_max_window_bits=\(agreed.serverWindowBits)"
        } else if wanted.serverWindowBits < 15 {
            response += "; server_max_window_bits=\(wanted.serverWindowBits)"
        }
        if asked.offersClientWindowBits {
            agreed.clientWindowBits = min(asked.clientWindowBits ?? 15, wanted.clientWindowBits)
            response += "; client_max_window_bits=\(agreed.clientWindowBits)"
        } else {
            // §7.1.2.2: not offered, so it must not be in the response, and the client uses any window.
            agreed.clientWindowBits = 15
        }
        return (agreed, response)
    }

    /// The parameters of one element, or nil where one is unknown, repeated or has a wrong value (RFC 7692 §7.1).
    private struct Asked {
        var serverNoContextTakeover = false
        var clientNoContextTakeover = false
        var serverWindowBits: Int?
        var clientWindowBits: Int?
        var offersClientWindowBits = false

        init?(_ element: WebSocketExtensionOffer, isResponse: Bool) {
            var seen: Set<String> = []
            for parameter in element.parameters {
                let name = HeaderField.lowercased(parameter.name)
                guard seen.insert(name).inserted else { return nil }
                switch (name, parameter.value) {
                case ("server_no_context_takeover", nil): serverNoContextTakeover = true
                case ("client_no_context_takeover", nil): clientNoContextTakeover = true
                case ("server_max_window_bits", let value?):
                    guard let bits = Self.windowBits(value) else { return nil }
                    serverWindowBits = bits
                case ("client_max_window_bits", nil) where !isResponse: offersClientWindowBits = true
                case ("client_max_window_bits", let value?):
                    guard let bits = Self.windowBits(value) else { return nil }
                    offersClientWindowBits = true
                    clientWindowBits = bits
                default: return nil
                }
            }
        }

        /// A decimal number without leading zeros, 8 to 15 (RFC 7692 §7.1.2).
        private static func windowBits(_ text: String) -> Int? {
            guard !text.hasPrefix("0"), text.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else { return nil }
            return Int(text).flatMap { (8...15).contains($0) ? $0 : nil }
        }
    }

    /// What a server's response agreed to, for a client that offered `permessage-deflate; client_max_window_bits`;
    /// nil where the response is none it may give (the client must then fail the connection, RFC 7692 §5.1).
    package static func agreed(response values: [String]) -> WebSocketDeflate? {
        guard let elements = WebSocketExtensionOffer.parse(values), elements.count == 1, let element = elements.first,
            HeaderField.lowercased(element.name) == name, let told = Asked(element, isResponse: true),
            told.serverWindowBits ?? 15 >= 8
        else { return nil }
        var agreed = WebSocketDeflate(
            serverNoContextTakeover: told.serverNoContextTakeover,
            clientNoContextTakeover: told.clientNoContextTakeover)
        agreed.serverWindowBits = told.serverWindowBits ?? 15
        agreed.clientWindowBits = told.clientWindowBits ?? 15
        return agreed
    }
}
