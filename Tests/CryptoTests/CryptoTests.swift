import Testing

@testable import Crypto

func hex(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}

func bytes(_ hex: String) -> [UInt8] {
    let digits = Array(hex)
    return stride(from: 0, to: digits.count, by: 2).map { UInt8(String(digits[$0...($0 + 1)]), radix: 16) ?? 0 }
}

@Suite struct HashingTests {
    @Test func hashesAsFIPS180() {
        #expect(hex(SHA1.hash("abc".utf8)) == "a9993e364706816aba3e25717850c26c9cd0d89d")
        #expect(
            hex(SHA256.hash("abc".utf8)) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(hex(SHA256.hash([])) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    }

    /// RFC 6455 §1.3.
    @Test func makesTheHandshakeOfWebSocket() {
        let key = "dGhlIHNhbXBsZSBub25jZQ==258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
        #expect(Base64.encode(SHA1.hash(key.utf8)) == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
    }

    /// RFC 4231, test cases 1 and 2.
    @Test func codesAsRFC4231() {
        let first = HMACSHA256.code("Hi There".utf8, key: [UInt8](repeating: 0x0B, count: 20))
        #expect(hex(first) == "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7")
        let second = HMACSHA256.code("what do ya want for nothing?".utf8, key: "Jefe".utf8)
        #expect(hex(second) == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
        #expect(HMACSHA256.isValid(second, of: "what do ya want for nothing?".utf8, key: "Jefe".utf8))
        #expect(!HMACSHA256.isValid(first, of: "what do ya want for nothing?".utf8, key: "Jefe".utf8))
        #expect(HMACSHA256.code([], key: []).count == 32)
    }

    /// RFC 7677 §3: the salted password of the example exchange proves itself in the client's proof.
    @Test func derivesAsRFC7677() throws {
        let salt = try #require(Base64.decode("W22ZaJ0SNY7soEsUEjb6gQ=="))
        let salted = PBKDF2SHA256.derive(password: "pencil".utf8, salt: salt, iterations: 4096)
        let clientKey = HMACSHA256.code("Client Key".utf8, key: salted)
        let message =
            "n=user,r=rOprNGfwEbeRWgbNEkqO,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
            + "s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0"
        let signature = HMACSHA256.code(message.utf8, key: SHA256.hash(clientKey))
        let proof = zip(clientKey, signature).map { $0 ^ $1 }
        #expect(Base64.encode(proof) == "dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=")
    }

    @Test func comparesSecrets() {
        #expect(ConstantTime.areEqual([], []))
        #expect(ConstantTime.areEqual([1, 2], [1, 2]))
        #expect(!ConstantTime.areEqual([1, 2], [1, 3]))
        #expect(!ConstantTime.areEqual([1, 2], [1, 2, 3]))
        #expect(SecureRandom.bytes(32) != SecureRandom.bytes(32))
        #expect(SecureRandom.bytes(0) == [])
    }
}

@Suite struct AES256GCMTests {
    /// Test case 16 of "The Galois/Counter Mode of Operation" (McGrew, Viega).
    @Test func sealsAsTheModesAuthors() {
        let key = bytes("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308")
        let text = bytes(
            "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
                + "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39")
        let nonce = bytes("cafebabefacedbaddecaf888")
        let authenticated = bytes("feedfacedeadbeeffeedfacedeadbeefabaddad2")
        let sealed = AES256GCM.seal(text, key: key, nonce: nonce, authenticated: authenticated)
        #expect(
            hex(sealed) == "cafebabefacedbaddecaf888"
                + "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
                + "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662" + "76fc6ece0f4e1768cddf8853bb2d551b")
        #expect(AES256GCM.open(sealed, key: key, authenticated: authenticated) == text)
    }

    @Test(arguments: [0, 1, 16, 1000]) func opensNothingThatWasChanged(count: Int) {
        let key = SecureRandom.bytes(32)
        let text = SecureRandom.bytes(count)
        let sealed = AES256GCM.seal(text, key: key, authenticated: [1])
        #expect(sealed.count == count + AES256GCM.nonceBytes + AES256GCM.tagBytes)
        #expect(AES256GCM.open(sealed, key: key, authenticated: [1]) == text)
        #expect(AES256GCM.open(sealed, key: key, authenticated: [2]) == nil)
        #expect(AES256GCM.open(sealed, key: SecureRandom.bytes(32), authenticated: [1]) == nil)
        for position in 0..<sealed.count {
            var changed = sealed
            changed[position] ^= 1
            #expect(AES256GCM.open(changed, key: key, authenticated: [1]) == nil)
            #expect(AES256GCM.open(Array(sealed[..<position]), key: key, authenticated: [1]) == nil)
        }
        #expect(AES256GCM.seal(text, key: key) != AES256GCM.seal(text, key: key))
    }
}

@Suite struct Base64Tests {
    /// RFC 4648 §10.
    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
        ("foobar", "Zm9vYmFy"),
    ]) func encodes(text: String, encoded: String) {
        #expect(Base64.encode(text.utf8) == encoded)
        #expect(Base64.decode(encoded) == Array(text.utf8))
        let bare = encoded.filter { $0 != "=" }
        #expect(Base64.encodeURL(text.utf8) == bare)
        #expect(Base64.decodeURL(bare) == Array(text.utf8))
    }

    @Test(arguments: ["Zg=", "Zg", "Zh==", "Z===", "====", "Zg==Zg==", "Zm9\n", "Zm-_", "Zm9v=", "Zm9vY"])
    func refuses(text: String) {
        #expect(Base64.decode(text) == nil)
    }

    @Test(arguments: ["Zg==", "Z", "Zh", "Zm+/", "한"]) func refusesInURLs(text: String) {
        #expect(Base64.decodeURL(text) == nil)
    }

    @Test func everyByteGoesThere() {
        let all = (0...255).map { UInt8($0) }
        #expect(Base64.decode(Base64.encode(all)) == all)
        #expect(Base64.decodeURL(Base64.encodeURL(all)) == all)
        #expect(Base64.encodeURL([0xFB, 0xFF]) == "-_8")
    }
}
