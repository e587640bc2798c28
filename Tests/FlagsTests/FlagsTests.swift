import Testing

@testable import Flags

private let http = Flag("http", .address, default: "127.0.0.1:8081", help: "where HTTP is served")
private let kafka = Flag(required: "kafka", .bootstrap, help: "the brokers")
private let origins = Flag("origins", .list("https://example.org"), without: "its own", help: "who may call")
private let fronts = Flag("fronts", .number(1...64), default: "1", help: "how many")
private let demo = Flag("demo", .switch, default: "false", help: "three people and a room")
private let sessionKey = Flag("session-key", .file, help: "32 octets")
private let flags = [http.declaration, kafka.declaration, origins.declaration, fronts.declaration, demo.declaration]
private let front = Command(
    "front", summary: "one front", flags: flags + [sessionKey.declaration], run: { _ throws(Misuse) in 0 })
private let topics = Command(
    "topics", summary: "the topics", actions: [.init("apply", "makes them"), .init("check", "compares them")],
    flags: [kafka.declaration], run: { _ throws(Misuse) in 0 })
private let program = Program(version: "1.2.3", commands: [front, topics])

private func read(_ line: String, environment: [String: String] = [:], files: Set<String> = []) throws -> Values {
    let words = line.split(separator: " ").map(String.init)
    let surroundings = Surroundings(environment: { environment[$0] }, fileExists: { files.contains($0) })
    guard case .run(_, let values) = try program.request(words, in: surroundings) else {
        throw Misuse("asked for help")
    }
    return values
}

private func complaint(
    _ line: String, environment: [String: String] = [:], files: Set<String> = []
) throws -> String {
    let error = #expect(throws: Misuse.self) { _ = try read(line, environment: environment, files: files) }
    return error?.description ?? ""
}

@Suite struct FlagsTests {
    @Test func bothSpellingsAndDefaults() throws {
        let values = try read("front --kafka a:1,b:2 --http=[::1]:80 --origins a,b --demo")
        #expect(values[kafka] == "a:1,b:2")
        #expect(values[http].host == "::1" && values[http].port == 80)
        #expect(values[origins] == ["a", "b"])
        #expect(values[demo])
        #expect(values[fronts] == 1)
        #expect(values[sessionKey] == nil)
        #expect(try read("front --kafka a:1 --fronts 2 --fronts 3")[fronts] == 3)
    }

    @Test func theEnvironmentGivesWhatTheLineDoesNot() throws {
        let environment = ["MADANG_KAFKA": "e:9", "MADANG_FRONTS": "4", "MADANG_DEMO": "1", "MADANG_ORIGINS": ""]
        let values = try read("front --fronts 5", environment: environment)
        #expect(values[kafka] == "e:9")
        #expect(values[fronts] == 5)
        #expect(values[demo])
        #expect(values[origins] == nil)
        #expect(sessionKey.declaration.environmentName == "MADANG_SESSION_KEY")
    }

    @Test(arguments: [
        ("", "say what to do; front, topics are accepted"),
        ("fromt", "unknown subcommand 'fromt' (did you mean front?); front, topics, --help"),
        ("--verion", "unknown flag '--verion'"),
        ("front --kafka a:1 --htp x:1", "unknown flag '--htp' (did you mean --http?); --http, --kafka, "),
        ("front --kafka a:1 --http 80", "--http: '80' is not accepted; HOST:PORT, such as 127.0.0.1:8081, is"),
        ("front --kafka a:1 --http x:65536", "--http: 'x:65536' is not accepted"),
        ("front --kafka a:1 --fronts 0", "--fronts: '0' is not accepted; a whole number from 1 to 64 is"),
        ("front --kafka a:1 --fronts +1", "--fronts: '+1' is not accepted"),
        ("front --kafka a:1 --fronts", "--fronts needs a value"),
        ("front --kafka --demo", "--kafka needs a value"),
        ("front --kafka a", "--kafka: 'a' is not accepted; HOST:PORT, or several joined by commas, is"),
        ("front --kafka a:1 --demo=perhaps", "--demo: 'perhaps' is not accepted; true or false is"),
        ("front --kafka a:1 --origins a,,b", "--origins: 'a,,b' is not accepted"),
        ("front --kafka a:1 --session-key none", "--session-key: no file 'none'"),
        ("front --kafka a:1 extra", "'extra' is not understood; --http"),
        ("front", "--kafka BOOTSTRAP is missing (or MADANG_KAFKA)"),
        ("topics --kafka a:1", "say which; apply, check are accepted"),
        ("topics chek --kafka a:1", "unknown 'chek' (did you mean check?); apply, check are accepted"),
        ("topics check apply --kafka a:1", "'apply' is not understood"),
    ])
    func misuseIsOneLine(line: String, words: String) throws {
        let said = try complaint(line)
        #expect(said.contains(words))
        #expect(!said.contains("\n") && said.hasPrefix("madang"))
    }

    @Test func aBadVariableIsNamed() throws {
        let said = try complaint("front --kafka a:1", environment: ["MADANG_FRONTS": "many\nlines"])
        let words = "MADANG_FRONTS: 'many\\u{a}lines' is not accepted; a whole number from 1 to 64 is"
        #expect(said == "madang front: \(words)")
    }

    @Test func aFileMustBeThere() throws {
        #expect(try read("front --kafka a:1 --session-key k", files: ["k"])[sessionKey] == "k")
    }

    @Test func whatIsHandedOn() throws {
        let values = try read("front --demo --http=x:1", environment: ["MADANG_KAFKA": "k:1"])
        #expect(values.arguments(of: flags) == ["--http=x:1", "--kafka=k:1", "--demo=true"])
        #expect(values.has(http.declaration) && !values.has(fronts.declaration))
    }

    @Test(arguments: ["--help", "-h", "help"])
    func helpNamesEverySubcommand(word: String) throws {
        let text = try shown(word)
        for command in program.commands { #expect(text.contains("  \(command.name)")) }
    }

    @Test(arguments: ["front --help", "front --unknown -h", "help front"])
    func helpNamesEveryFlag(line: String) throws {
        let text = try shown(line)
        for flag in front.flags {
            #expect(text.contains("  \(flag.spelling)\n"))
            #expect(text.contains("environment: \(flag.environmentName)\n"))
        }
        #expect(text.contains("default: 127.0.0.1:8081") && text.contains("required"))
    }

    @Test func versionIsShown() throws { #expect(try shown("--version") == "madang 1.2.3\n") }

    @Test(arguments: [
        ("a", "a", 0), ("", "abc", 3), ("abc", "", 3), ("http", "htpt", 1), ("kitten", "sitting", 3),
    ])
    func edits(first: String, second: String, count: Int) {
        #expect(Misuse.edits(from: Array(first), to: Array(second)) == count)
    }

    @Test(arguments: ["1", ":1", "a:", "a:x", "a:-1", "a b:1", "::1:5", "[a]:1", "http://a:1", "a:00000000001"])
    func noHostPort(text: String) { #expect(HostPort(text) == nil) }

    @Test(arguments: ["a:1", "127.0.0.1:0", "[::1]:65535"])
    func hostPort(text: String) { #expect(HostPort(text)?.description == text) }

    private func shown(_ line: String) throws -> String {
        let words = line.split(separator: " ").map(String.init)
        let none = Surroundings(environment: { _ in nil }, fileExists: { _ in false })
        guard case .show(let text) = try program.request(words, in: none) else { throw Misuse("not shown") }
        return text
    }
}
