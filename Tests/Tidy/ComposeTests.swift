import Flags
import Testing

@testable import madang

/// docker-compose.yml says only what the subcommands understand. (No container is started: there may be no engine.)
@Suite struct ComposeTests {
    /// A service: its name, its command's words, the variables of its own.
    private struct Service {
        var name: String
        var words: [String] = []
        var variables: [String] = []
    }

    private let lines = Tree.text("docker-compose.yml").split(separator: "\n", omittingEmptySubsequences: false)

    /// By indentation: services stand two spaces in, what they hold stands deeper.
    private func services() -> [Service] {
        var services: [Service] = []
        for line in lines.drop(while: { $0 != "services:" }).dropFirst().prefix(while: { $0 != "volumes:" }) {
            if let match = line.wholeMatch(of: /[ ]{2}([a-z0-9-]+):/) {
                services.append(Service(name: String(match.1)))
            } else if let match = line.firstMatch(of: /^    command: \[(.*)\]/) {
                services[services.count - 1].words = match.1.split(separator: ",").map { word in
                    String(word.filter { $0 != "\"" && $0 != " " })
                }
            } else if let match = line.firstMatch(of: /^      (MADANG_[A-Z_]+):/) {
                services[services.count - 1].variables.append(String(match.1))
            }
        }
        return services
    }

    @Test func everyVariableIsAFlagOfItsCommand() throws {
        let services = services().filter { !$0.words.isEmpty }
        #expect(Set(services.map(\.name)).isSuperset(of: ["topics", "schema", "backend", "front"]))
        for service in services {
            let command = try #require(Main.program.commands.first { $0.name == service.words[0] }, "\(service)")
            let names = command.flags.map(\.environmentName)
            for variable in service.variables { #expect(names.contains(variable), "\(variable) of \(service.name)") }
            if service.words.count > 1 { #expect(command.actions.map(\.name).contains(service.words[1])) }
        }
    }

    /// What all of them have in common must be a flag of some.
    @Test func everyCommonVariableIsAFlag() {
        let all = Set(Main.program.commands.flatMap(\.flags).map(\.environmentName))
        let common = lines.prefix { $0 != "services:" }.compactMap { $0.firstMatch(of: /^    (MADANG_[A-Z_]+):/)?.1 }
        #expect(common.count >= 3)
        for variable in common { #expect(all.contains(String(variable)), "\(variable)") }
    }

    @Test func theClusterIsAsTheGuaranteesNeedIt() {
        let text = lines.joined(separator: "\n")
        for setting in [
            "apache/kafka:4.3.1", "KAFKA_DEFAULT_REPLICATION_FACTOR: 3", "KAFKA_MIN_INSYNC_REPLICAS: 2",
            "KAFKA_BROKER_SESSION_TIMEOUT_MS: 3000", "KAFKA_BROKER_HEARTBEAT_INTERVAL_MS: 500",
            "KAFKA_AUTO_CREATE_TOPICS_ENABLE: \"false\"", "postgres:15",
        ] {
            #expect(text.contains(setting), "\(setting)")
        }
        #expect(services().filter { $0.name.hasPrefix("kafka-") }.count == 3)
        #expect(lines.count { $0.contains("/readyz") } == 2)
    }
}
