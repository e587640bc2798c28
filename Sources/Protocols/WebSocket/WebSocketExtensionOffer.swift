/// One element of Sec-WebSocket-Extensions (RFC 6455 §9.1).
struct WebSocketExtensionOffer: Equatable {
    struct Parameter: Equatable {
        var name: String
        var value: String?
    }

    var name: String
    var parameters: [Parameter]

    /// All elements in order, or nil where the field breaks the grammar.
    static func parse(_ values: [String]) -> [WebSocketExtensionOffer]? {
        var offers: [WebSocketExtensionOffer] = []
        for value in values {
            var cursor = Cursor(rest: Array(value.utf8)[...])
            repeat {
                cursor.skipSpace()
                // Empty list elements are skipped (RFC 9110 §5.6.1.2).
                if cursor.isAtEnd || cursor.rest.first == UInt8(ascii: ",") { continue }
                guard let name = cursor.token() else { return nil }
                guard let parameters = cursor.parameters() else { return nil }
                offers.append(WebSocketExtensionOffer(name: name, parameters: parameters))
            } while cursor.take(UInt8(ascii: ","))
            guard cursor.isAtEnd else { return nil }
        }
        return offers
    }

    private struct Cursor {
        var rest: ArraySlice<UInt8>

        var isAtEnd: Bool { rest.isEmpty }

        mutating func skipSpace() {
            while let byte = rest.first, byte == 0x20 || byte == 0x09 { rest.removeFirst() }
        }

        mutating func take(_ byte: UInt8) -> Bool {
            guard rest.first == byte else { return false }
            rest.removeFirst()
            return true
        }

        mutating func token() -> String? {
            let token = rest.prefix(while: HeaderField.isTokenByte)
            rest.removeFirst(token.count)
            return token.isEmpty ? nil : String(decoding: token, as: UTF8.self)
        }

        /// A quoted string whose content is a token (RFC 6455 §9.1).
        mutating func quoted() -> String? {
            var content: [UInt8] = []
            while let byte = rest.popFirst() {
                if byte == UInt8(ascii: "\"") {
                    let text = String(decoding: content, as: UTF8.self)
                    return HeaderField.isToken(text) ? text : nil
                }
                guard byte == UInt8(ascii: "\\") else {
                    content.append(byte)
                    continue
                }
                guard let escaped = rest.popFirst() else { return nil }
                content.append(escaped)
            }
            return nil
        }

        mutating func parameters() -> [Parameter]? {
            var parameters: [Parameter] = []
            skipSpace()
            while take(UInt8(ascii: ";")) {
                skipSpace()
                guard let name = token() else { return nil }
                skipSpace()
                var value: String?
                if take(UInt8(ascii: "=")) {
                    skipSpace()
                    value = take(UInt8(ascii: "\"")) ? quoted() : token()
                    if value == nil { return nil }
                    skipSpace()
                }
                parameters.append(Parameter(name: name, value: value))
            }
            return parameters
        }
    }
}
