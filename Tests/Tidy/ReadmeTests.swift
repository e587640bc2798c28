import Flags
import Testing

@testable import madang

/// The README names all there is, and only what there is.
@Suite struct ReadmeTests {
    private let readme = Tree.text("README.md")

    @Test(arguments: Main.program.commands.map(\.name))
    func everySubcommandIsThere(name: String) { #expect(readme.contains("`madang \(name)")) }

    /// One row of a table for each flag, with its default: ``| `--http HOST:PORT` | … | `127.0.0.1:8081` |``.
    @Test func everyFlagIsThereWithItsDefault() {
        let rows = readme.split(separator: "\n").filter { $0.hasPrefix("|") }
        for command in Main.program.commands {
            for flag in command.flags {
                let own = rows.filter { $0.contains("`\(flag.spelling)`") }
                #expect(!own.isEmpty, "no row for `\(flag.spelling)` of madang \(command.name)")
                guard let fallback = flag.fallback, !own.isEmpty else { continue }
                let named = own.contains { $0.contains(fallback) }
                #expect(named, "no row of `\(flag.spelling)` names \(fallback), its default in madang \(command.name)")
            }
        }
    }

    /// A row of the flag table is of a flag that exists.
    @Test func noFlagIsThereThatDoesNotExist() {
        let known = Set(Main.program.commands.flatMap(\.flags).map { "--" + $0.name } + ["--help", "--version"])
        for row in readme.split(separator: "\n") where row.hasPrefix("| `--") {
            for match in row.matches(of: /`(--[a-z0-9-]+)/) {
                #expect(known.contains(String(match.1)), "the README names \(match.1)")
            }
        }
    }

    /// Every path of the tree in backquotes, and every relative link, leads somewhere.
    @Test func everyPathIsThere() {
        for match in readme.matches(of: /`((?:Sources|Tests|\.ci)\/[^`\s]*)`/) {
            #expect(Tree.has(String(match.1)), "the README names \(match.1)")
        }
        for match in readme.matches(of: /\]\((?!https?:|#)([^)#]+)/) {
            #expect(Tree.has(String(match.1)), "the README links \(match.1)")
        }
    }

    /// A link to a heading of the page leads to one.
    @Test func everyHeadingLinkedIsThere() {
        let headings = Set(
            readme.split(separator: "\n").filter { $0.hasPrefix("#") }.map { line in
                line.drop { $0 == "#" || $0 == " " }.lowercased().replacing(" ", with: "-")
                    .filter { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" }
            })
        for match in readme.matches(of: /\]\(#([^)]+)\)/) {
            #expect(headings.contains(String(match.1)), "the README links #\(match.1)")
        }
    }
}
