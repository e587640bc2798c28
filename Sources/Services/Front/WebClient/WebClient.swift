import Crypto
import FrontCore

/// The web client served at `GET /`: one page with everything in it, so that nothing is ever loaded from elsewhere.
enum WebClient {
    /// The answer to `GET /`. Only this script and this style run, known by their hashes; nothing that somebody
    /// writes in a room can become one (Content Security Policy 3, §6.7).
    static let response = APIResponse(
        status: 200,
        headers: [
            ("Content-Security-Policy", policy), ("Cache-Control", "no-cache"), ("X-Frame-Options", "DENY"),
            ("Referrer-Policy", "no-referrer"), ("Cross-Origin-Opener-Policy", "same-origin"),
        ], body: Array(markup.utf8), contentType: "text/html; charset=utf-8")

    static let script = """
        'use strict';
        (() => {
        \(words)
        \(api)
        \(stomp)
        \(timeline)
        \(room)
        \(app)
        })();
        """

    static let policy = [
        "default-src 'none'", "script-src '\(hash(script))'", "style-src '\(hash(style))'", "connect-src 'self'",
        "img-src data:", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'",
    ].joined(separator: "; ")

    private static func hash(_ text: String) -> String { "sha256-" + Base64.encode(SHA256.hash(text.utf8)) }
}
