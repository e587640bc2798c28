import Crypto
import FrontCore
import Testing

@testable import Front

/// What can be told of the page without a browser.
@Suite("Web client") struct WebClientTests {
    private let page = String(decoding: WebClient.response.body, as: UTF8.self)

    private func between(_ start: String, _ end: String) -> String {
        let parts = page.split(separator: start, omittingEmptySubsequences: false)
        #expect(parts.count == 2, "\(start) once")
        return String(parts.last?.split(separator: end, omittingEmptySubsequences: false).first ?? "")
    }

    private func names(_ pattern: Regex<(Substring, Substring)>, in text: String) -> Set<String> {
        Set(text.matches(of: pattern).map { String($0.1) })
    }

    @Test("the policy allows this script and this style, and no other") func policy() {
        let policy = WebClient.policy
        #expect(WebClient.response.headers.contains { $0 == ("Content-Security-Policy", policy) })
        let script = Base64.encode(SHA256.hash(between("<script>", "</script>").utf8))
        let style = Base64.encode(SHA256.hash(between("<style>", "</style>").utf8))
        #expect(policy.contains("script-src 'sha256-\(script)';"))
        #expect(policy.contains("style-src 'sha256-\(style)';"))
        #expect(policy.hasPrefix("default-src 'none';") && !policy.contains("unsafe"))
        // What a hash does not cover: attributes with code or style in them.
        #expect(page.matches(of: /<[^>]*\s(on\w+|style)=/).isEmpty)
    }

    @Test("nothing is loaded from elsewhere") func selfContained() {
        #expect(names(/(?:src|href)="([^"]*)"/, in: page) == ["data:,"])
        #expect(!page.contains("://") || names(/(\S*:\/\/\S*)/, in: page).allSatisfy { $0.contains("${scheme}://") })
        #expect(!page.contains("@import") && !page.contains("url("))
    }

    @Test(
        "what came from anywhere is never read as HTML or code",
        arguments: [
            "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "Function(", "setAttribute('on",
            "javascript:", "createContextualFragment", "DOMParser", "srcdoc",
        ])
    func sinks(name: String) { #expect(!WebClient.script.contains(name)) }

    @Test("every element that the script names is there") func elements() {
        let there = names(/\sid="([^"]+)"/, in: WebClient.markup)
        let asked = names(/\$\('([^']+)'\)/, in: WebClient.script)
        #expect(asked.count > 20)
        #expect(asked.subtracting(there) == [])
    }

    @Test("every word is there in both languages") func words() {
        let halves = WebClient.words.split(separator: "\n  ko: {")
        #expect(halves.count == 2)
        let english = names(/(\w+): '/, in: String(halves[0]))
        let korean = names(/(\w+): '/, in: String(halves[1].split(separator: "\n};")[0]))
        #expect(english.symmetricDifference(korean) == [])
        let asked = names(/data-t="(\w+)"/, in: WebClient.markup).union(names(/\bt\('(\w+)'[,)]/, in: WebClient.script))
        #expect(asked.count > 30)
        #expect(asked.subtracting(english) == [])
    }

    @Test("nothing that logs anyone in is kept where a script could read it") func storage() {
        #expect(!WebClient.script.contains("document.cookie"))
        #expect(!WebClient.script.contains(".token"))
        let kept = names(/memory\.set\('(\w+)'/, in: WebClient.script)
        #expect(kept == ["language", "me"])
    }
}
