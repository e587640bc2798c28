import Testing

@testable import Front

/// CONTRACT section 2, Origin.
@Suite struct OriginPolicyTests {
    @Test(
        arguments: [
            (nil, "example.org", true), ("http://example.org", "example.org", true),
            ("https://example.org:8443", "example.org:8443", true), ("https://EXAMPLE.org", "example.org", true),
            ("http://example.org", "example.org:8081", false), ("http://evil.example", "example.org", false),
            ("null", "example.org", false), ("http://localhost:3000", "example.org", false),
            ("http://example.org/path", "example.org", false), ("", "example.org", false),
        ] as [(String?, String, Bool)])
    func itsOwnAlone(origin: String?, host: String, allowed: Bool) {
        #expect(OriginPolicy(listed: [], isLoopback: false).allows(origin: origin, host: host) == allowed)
    }

    @Test(arguments: [
        ("http://localhost:3000", true), ("https://127.0.0.1", true), ("http://127.0.0.1:1", true),
        ("http://localhost.evil.example", false), ("http://127.0.0.1.evil.example:80", false),
        ("http://[::1]:80", false), ("http://user@localhost", false),
    ])
    func anyPortOfLocalhostWhileBoundToLoopback(origin: String, allowed: Bool) {
        #expect(OriginPolicy(listed: [], isLoopback: true).allows(origin: origin, host: "127.0.0.1:8081") == allowed)
    }

    @Test(arguments: [
        ("https://chat.example.org", true), ("https://CHAT.example.org/", true), ("http://localhost:3000", false),
        ("http://chat.example.org", false), ("http://127.0.0.1:8081", true),
    ])
    func listedOnesAndItsOwn(origin: String, allowed: Bool) {
        let policy = OriginPolicy(listed: ["https://chat.example.org"], isLoopback: true)
        #expect(policy.allows(origin: origin, host: "127.0.0.1:8081") == allowed)
    }
}
