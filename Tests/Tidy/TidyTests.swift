import Foundation
import Testing

@Suite struct TidyTests {
    @Test func everySwiftFileKeepsTheRules() {
        #expect(Tree.swiftFiles.count > 50)
        let findings = Tree.swiftFiles.flatMap { file in Rules.all.flatMap { $0(file) } }
        report(findings)
    }

    @Test func eachLibraryHasOneOwner() { report(Rules.libraryOwners(Tree.swiftFiles)) }

    @Test func theTopLevelHoldsNothingElse() {
        let allowed: Set = [
            "Package.swift", "Sources", "Tests", "docker-compose.yml", "topics.yaml", "README.md", "LICENSE",
        ]
        let found = Tree.topLevel().filter { !$0.hasPrefix(".") && !Tree.ignored($0) && !allowed.contains($0) }
        #expect(found == [])
    }

    @Test func noOtherPackageIsNeeded() {
        #expect(!Tree.text("Package.swift").contains(/\.package\s*\(/))
    }

    /// Sources has the five floors and the executable; each room has its tests.
    @Test func everyRoomStandsOnAFloorAndIsTested() {
        let floors = Set(
            Tree.swiftFiles.filter { $0.path.hasPrefix("Sources/") }.map { file in
                String(file.path.split(separator: "/")[1])
            })
        #expect(floors.subtracting(["Madang", "Services", "Core", "Protocols", "Systems"]) == [])
        let rooms = Set(Tree.swiftFiles.filter { $0.floor != nil }.compactMap(\.target))
        for room in rooms { #expect(Tree.has("Tests/\(room)Tests"), "\(room) has no tests") }
    }

    /// Nothing knows where it was written.
    @Test func noPathOfOneMachine() throws {
        var places = [Tree.root.deletingLastPathComponent().path, NSHomeDirectory()].map { $0 + "/" }
        places.removeAll { $0.split(separator: "/").isEmpty || $0 == "/tmp/" || $0 == "//" }
        for path in Tree.files(where: { _ in true }) {
            let text = Tree.text(path)
            for place in places { #expect(!text.contains(place), "\(path) names \(place)") }
        }
    }

    private func report(_ findings: [Finding]) {
        for finding in findings { Issue.record(Comment(rawValue: finding.description)) }
    }
}
