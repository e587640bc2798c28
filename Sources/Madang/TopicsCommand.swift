import Flags
import Kafka
import Topics

/// `madang topics`
enum TopicsCommand {
    private static let kafka = Flag(
        "kafka", .bootstrap, without: "needed for apply and check", help: "Kafka's bootstrap servers.")

    static let declaration = Command(
        "topics", summary: "Creates or checks the topics of topics.yaml.",
        actions: [
            Command.Action("apply", "creates the topics that are missing"),
            Command.Action("check", "prints a line for each difference, and exits 1 where there is one"),
            Command.Action("list", "prints what topics.yaml declares"),
        ], flags: [kafka.declaration, SharedFlags.topics.declaration]
    ) { values throws(Misuse) in
        let list: TopicList
        do {
            list = try TopicList.load(path: values[SharedFlags.topics])
        } catch {
            throw Misuse("\(error)")
        }
        let output = Topics.Output(result: { Output.line($0) }, note: { Output.note($0) })
        if values.action == "list" { return Topics.list(list, output: output) }
        guard let bootstrap = values[kafka] else {
            throw Misuse(
                "madang topics \(values.action ?? "") needs --kafka BOOTSTRAP: HOST:PORT, or several joined by commas")
        }
        let configuration = KafkaConfiguration(bootstrap: bootstrap)
        return values.action == "apply"
            ? Topics.apply(list, kafka: configuration, output: output)
            : Topics.check(list, kafka: configuration, output: output)
    }
}
