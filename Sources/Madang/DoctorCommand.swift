import Doctor
import Flags
import Topics

/// `madang doctor`
enum DoctorCommand {
    private static let kafka = Flag(
        "kafka", .bootstrap, without: "that of the `madang up` in --data", help: "The Kafka to look at.")
    private static let postgres = Flag(
        "postgres", .postgresURI, without: "that of the `madang up` in --data", help: "The PostgreSQL to look at.")
    private static let data = Flag(
        "data", .folder, default: ".madang", help: "The folder of `madang up`.")

    static let declaration = Command(
        "doctor", summary: "Checks libraries, Kafka, topics, PostgreSQL, schema, clocks, limits and disk.",
        details: ["Says how to mend what is wrong; exit status 1 where something is."],
        flags: [kafka.declaration, postgres.declaration, data.declaration, SharedFlags.topics.declaration]
    ) { values throws(Misuse) in
        let list: TopicList
        do throws(TopicList.Failure) {
            list = try TopicList.load(path: values[SharedFlags.topics])
        } catch {
            throw Misuse("madang doctor: --topics: \(error)")
        }
        var configuration = Doctor.Configuration(topics: list)
        configuration.kafka = values[kafka]
        if let uri = values[postgres] { configuration.postgres = try BackendCommand.postgres(uri) }
        configuration.dataFolder = values[data]
        return Doctor.run(configuration, print: Output.line)
    }
}
