@_spi(_Unicode) import Swift

/// What names and texts must be like, decided from the value alone.
package enum Validation {
    /// `text` in Unicode's normalization form C (UAX #15).
    package static func nfc(_ text: String) -> String {
        if text.utf8.allSatisfy({ $0 < 0x80 }) { return text }
        var scalars = String.UnicodeScalarView()
        for scalar in text._nfc { scalars.append(scalar) }
        return String(scalars)
    }

    /// The userId that `text` means: NFC, 1 to 64 scalars of categories L, M, Nd and `._-`, not `me`, not only dots.
    /// Throws `invalid` for anything else.
    package static func userID(_ text: String) throws(ChatError) -> String {
        let id = nfc(text)
        let scalars = id.unicodeScalars
        guard (1...Limits.userIDScalarsMax).contains(scalars.count), scalars.allSatisfy(isOfUserID),
            id != "me", !scalars.allSatisfy({ $0 == "." })
        else {
            throw ChatError(
                .invalid,
                "A userId has 1 to 64 letters, marks, digits, dots, underscores or hyphens; not only dots, not \"me\".")
        }
        return id
    }

    private static func isOfUserID(_ scalar: Unicode.Scalar) -> Bool {
        if scalar == "." || scalar == "_" || scalar == "-" { return true }
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .nonspacingMark,
            .spacingMark, .enclosingMark, .decimalNumber:
            return true
        default: return false
        }
    }

    /// Passes a userName of 1 to 64 scalars without control characters. Throws `invalid`.
    package static func userName(_ text: String) throws(ChatError) -> String {
        try name(text, max: Limits.userNameScalarsMax, what: "A userName")
    }

    /// Passes the name of a room: 1 to 100 scalars without control characters. Throws `invalid`.
    package static func roomName(_ text: String) throws(ChatError) -> String {
        try name(text, max: Limits.roomNameScalarsMax, what: "A roomName")
    }

    private static func name(_ text: String, max: Int, what: String) throws(ChatError) -> String {
        let scalars = text.unicodeScalars
        guard (1...max).contains(scalars.count), !scalars.contains(where: isControl),
            scalars.contains(where: { !$0.properties.isWhitespace })
        else {
            throw ChatError(.invalid, "\(what) has 1 to \(max) characters, no control characters, and not only spaces.")
        }
        return text
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.generalCategory == .control }

    /// Passes a status of at most 200 scalars without control characters but line feeds. Throws `invalid`.
    package static func userStatus(_ text: String) throws(ChatError) -> String {
        guard text.unicodeScalars.count <= Limits.userStatusScalarsMax,
            !text.unicodeScalars.contains(where: { isControl($0) && $0 != "\n" })
        else { throw ChatError(.invalid, "A userStatus has at most 200 characters.") }
        return text
    }

    /// Passes a password of 4 to 256 octets. Throws `invalid`.
    package static func password(_ text: String) throws(ChatError) -> String {
        guard Limits.passwordBytes.contains(text.utf8.count), !text.utf8.contains(0) else {
            throw ChatError(.invalid, "A password has 4 to 256 octets.")
        }
        return text
    }

    /// Passes the text of a message: 1 to 65,536 octets, not only white space, no NUL; kept scalar for scalar.
    /// Throws `too_large` or `invalid`.
    package static func message(_ text: String) throws(ChatError) -> String {
        guard text.utf8.count <= Limits.messageBytesMax else {
            throw ChatError(.tooLarge, "A message has at most \(Limits.messageBytesMax) octets.")
        }
        guard !text.utf8.contains(0) else { throw ChatError(.invalid, "A message holds no NUL.") }
        guard text.unicodeScalars.contains(where: { !$0.properties.isWhitespace }) else {
            throw ChatError(.invalid, "A message is not empty and not only white space.")
        }
        return text
    }

    /// Passes an idempotency key: 1 to 128 visible ASCII characters. Throws `bad_request`.
    package static func idempotencyKey(_ text: String) throws(ChatError) -> String {
        guard (1...Limits.idempotencyKeyBytesMax).contains(text.utf8.count),
            text.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else { throw ChatError(.badRequest, "An Idempotency-Key has 1 to 128 visible ASCII characters.") }
        return text
    }
}
