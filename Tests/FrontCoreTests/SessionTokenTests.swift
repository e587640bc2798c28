import Chat
import Crypto
import Testing

@testable import FrontCore

@Suite struct SessionTokenTests {
    private let key = Array("0123456789abcdef0123456789abcdef".utf8)
    private let token = SessionToken(
        userID: "김", sessionID: MessageID(high: 1, low: 2), issuedAtMilliseconds: 5, expiresAtMilliseconds: 100)

    @Test func isReadAgain() {
        let text = token.text(key: key)
        #expect(text.utf8.allSatisfy { Character(Unicode.Scalar($0)).isLetter || "-_.0123456789".utf8.contains($0) })
        #expect(SessionToken(text, key: key, now: 99) == token)
    }

    @Test func runsOut() {
        #expect(SessionToken(token.text(key: key), key: key, now: 100) == nil)
    }

    @Test func isNotTakenWithAnotherKeyOrAnyOtherCharacter() {
        let text = Array(token.text(key: key).utf8)
        #expect(SessionToken(String(decoding: text, as: UTF8.self), key: Array(key.reversed()), now: 0) == nil)
        for index in text.indices {
            var other = text
            other[index] = other[index] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
            #expect(SessionToken(String(decoding: other, as: UTF8.self), key: key, now: 0) == nil)
            #expect(SessionToken(String(decoding: text[..<index], as: UTF8.self), key: key, now: 0) == nil)
        }
    }

    @Test(arguments: ["", ".", "a.b", "..", "ä.ö", String(repeating: "a", count: 5000)])
    func refusesAnythingElse(_ text: String) {
        #expect(SessionToken(text, key: key, now: 0) == nil)
    }

    @Test func theLongestNameFits() {
        let long = SessionToken(
            userID: String(repeating: "𠀀", count: 64), sessionID: MessageID(high: 1, low: 2),
            issuedAtMilliseconds: .max, expiresAtMilliseconds: .max)
        #expect(SessionToken(long.text(key: key), key: key, now: 0) == long)
    }
}
