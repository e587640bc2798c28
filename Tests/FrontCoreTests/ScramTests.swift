import Chat
import Crypto
import Testing

@testable import FrontCore

/// RFC 7677 §3, the example.
@Suite struct ScramTests {
    private let client = ScramClient(userID: "user", nonce: "rOprNGfwEbeRWgbNEkqO")
    private let serverFirst =
        "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"

    @Test func speaksAsInTheExample() throws {
        #expect(client.clientFirst == "n,,n=user,r=rOprNGfwEbeRWgbNEkqO")
        let challenge = try client.challenged(by: serverFirst)
        #expect(challenge.iterations == 4096)
        let proof = challenge.proof(
            salted: PBKDF2SHA256.derive(
                password: "pencil".utf8, salt: challenge.salt, iterations: challenge.iterations))
        #expect(
            proof.clientFinal
                == "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
                + "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=")
        #expect(proof.isAnswered(by: "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="))
        for wrong in ["", "v=", "e=other-error", "v=7rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="] {
            #expect(!proof.isAnswered(by: wrong))
        }
    }

    @Test(arguments: [
        "", "r=", "r=rOprNGfwEbeRWgbNEkqO,s=W22Z,i=4096", "r=somebodyelse123456789,s=W22Z,i=4096",
        "r=rOprNGfwEbeRWgbNEkqOx,s=W22Z", "r=rOprNGfwEbeRWgbNEkqOx,s=,i=4096", "r=rOprNGfwEbeRWgbNEkqOx,s=W,i=4096",
        "r=rOprNGfwEbeRWgbNEkqOx,s=W22Z,i=0", "r=rOprNGfwEbeRWgbNEkqOx,s=W22Z,i=4095",
        "r=rOprNGfwEbeRWgbNEkqOx,s=W22Z,i=99999999", "m=x,r=rOprNGfwEbeRWgbNEkqOx,s=W22Z,i=4096",
        "r=rOprNGfwEbeRWgbNEkqOx,s=W22Z,i=-1", "r=rOprNGfwEbeRWgbNEkqOx,i=4096,s=W22Z",
    ])
    func refusesOtherChallenges(_ text: String) {
        #expect(throws: ChatError.brokenScram) { try client.challenged(by: text) }
    }

    @Test func escapesNames() {
        #expect(ScramClient(userID: "a=b,c", nonce: "x").clientFirst == "n,,n=a=3Db=2Cc,r=x")
    }

    @Test func sealsAVerifierAsPostgreSQLWritesIt() throws {
        let challenge = try client.challenged(by: serverFirst)
        let salted = PBKDF2SHA256.derive(password: "pencil".utf8, salt: challenge.salt, iterations: 4096)
        let verifier = ScramVerifier(salted: salted, salt: challenge.salt, iterations: 4096)
        let stored = SHA256.hash(HMACSHA256.code("Client Key".utf8, key: salted))
        let server = HMACSHA256.code("Server Key".utf8, key: salted)
        #expect(
            verifier.text
                == "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$\(Base64.encode(stored)):\(Base64.encode(server))")
        let key = [UInt8](repeating: 1, count: 32)
        let nonce = [UInt8](repeating: 2, count: 12)
        let sealed = try #require(Base64.decode(verifier.credential(userID: "user", key: key, nonce: nonce)))
        #expect(AES256GCM.open(sealed, key: key, authenticated: Array("user".utf8)) == Array(verifier.text.utf8))
        #expect(AES256GCM.open(sealed, key: key, authenticated: Array("User".utf8)) == nil)
    }

    @Test func aPasswordIsTheSameFromEveryKeyboard() {
        #expect(
            ScramVerifier.octets(ofPassword: "\u{1106}\u{1161}\u{1103}\u{1161}\u{11BC}")
                == ScramVerifier.octets(ofPassword: "마당"))
        #expect(ScramVerifier.octets(ofPassword: "Pass word ") == Array("Pass word ".utf8))
    }
}
