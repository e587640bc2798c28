import Backend
import Crypto
import Deflate
import Kafka
import Linux
package import Postgres
package import Topics
import YAML

/// Looks at all that Madang stands on, and says how to mend what is wrong.
package enum Doctor {
    /// What to look at.
    package struct Configuration: Sendable {
        /// `HOST:PORT,…`; nil: that of the `madang up` that runs in `dataFolder`.
        package var kafka: String?
        /// nil: that of the `madang up` that runs in `dataFolder`.
        package var postgres: PostgresURI?
        /// What the topics are compared with.
        package var topics: TopicList
        /// The folder of `madang up`; it need not be there.
        package var dataFolder = ".madang"

        /// Looks at what runs in the usual folder.
        package init(topics: TopicList) { self.topics = topics }
    }

    /// Prints a line a finding. Exit status: 0 where nothing is bad, else 1.
    package static func run(_ configuration: Configuration, print: (String) -> Void) -> Int32 {
        var isWell = true
        for look in [libraries, kafka, postgres, machine] {
            for finding in look(configuration) {
                print(finding.text)
                isWell = isWell && finding.state != .bad
            }
        }
        return isWell ? 0 : 1
    }

    private static func libraries(_ configuration: Configuration) -> [Finding] {
        [
            Judgement.library(
                "librdkafka", version: KafkaLibrary.version, atLeast: [2, 0], package: "librdkafka1"),
            Judgement.library("libpq", version: PostgresLibrary.version, atLeast: [15], package: "libpq5"),
            Judgement.library("OpenSSL", version: CryptoLibrary.version, atLeast: [3, 0], package: "libssl3"),
            Judgement.library("zlib", version: DeflateLibrary.version, atLeast: [1, 2], package: "zlib1g"),
            Judgement.library("libyaml", version: YAMLLibrary.version, atLeast: [0, 2], package: "libyaml-0-2"),
        ]
    }

    private static func kafka(_ configuration: Configuration) -> [Finding] {
        guard let bootstrap = configuration.kafka ?? running("kafka.bootstrap", configuration) else {
            return [
                .doubtful("kafka", "not looked at", "give --kafka BOOTSTRAP, or --data of a running `madang up`")
            ]
        }
        do throws(KafkaError) {
            var options = KafkaConfiguration(bootstrap: bootstrap, clientID: "madang-doctor")
            options.onLog = { _ in }
            let admin = try KafkaAdmin(options)
            let brokers = try admin.metadata().brokers.count
            let comparison = try TopicComparison.make(configuration.topics, admin)
            let kind = comparison.isEmbedded ? "the embedded broker, which keeps nothing" : "\(brokers) brokers"
            var findings = [Finding.good("kafka", "\(kind) at \(bootstrap)")]
            for difference in comparison.differences {
                let (words, remedy) = (difference.description, difference.remedy)
                findings.append(
                    difference.isWarning ? .doubtful("topics", words, remedy) : .bad("topics", words, remedy))
            }
            if comparison.differences.isEmpty {
                findings.append(.good("topics", "\(configuration.topics.topics.count), as topics.yaml has them"))
            }
            return findings
        } catch {
            return [.bad("kafka", "\(bootstrap): \(error)", "start it, or give its address as --kafka")]
        }
    }

    private static func postgres(_ configuration: Configuration) -> [Finding] {
        let uri = configuration.postgres ?? running("postgres.uri", configuration).flatMap { try? PostgresURI($0) }
        guard let uri else {
            return [
                .doubtful("postgres", "not looked at", "give --postgres URI, or --data of a running `madang up`")
            ]
        }
        let connection = PostgresConnection(uri, applicationName: "madang doctor", onNotice: { _, _ in })
        do throws(PostgresError) {
            try connection.connect()
        } catch {
            return [.bad("postgres", "\(error)", "start it, or give its address and user as --postgres")]
        }
        defer { connection.close() }
        var findings: [Finding] = []
        do throws(PostgresError) {
            let settings = try connection.run(
                "SELECT current_setting('server_version'), current_setting('synchronous_commit'), pg_is_in_recovery()")
            findings += Judgement.server(
                version: settings.text(0, 0), synchronousCommit: settings.text(0, 1),
                isStandby: settings.text(0, 2) == "t")
            findings.append(try clocks(connection))
        } catch {
            findings.append(.bad("postgres", "\(error)", "look at the server's log"))
        }
        do throws(StoreError) {
            try Migrator.check(connection)
            findings.append(.good("schema", "number \(Migrator.newestNumber)"))
        } catch {
            findings.append(.bad("schema", "\(error)", "madang migrate --postgres URI; a newer one: update madang"))
        }
        return findings
    }

    private static func clocks(_ connection: PostgresConnection) throws(PostgresError) -> Finding {
        let before = SystemClock.wallMilliseconds()
        let rows = try connection.run("SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint")
        let after = SystemClock.wallMilliseconds()
        let there = Int64(rows.text(0, 0)) ?? 0
        return Judgement.clocks(
            skewMilliseconds: there - (before + after) / 2, uncertaintyMilliseconds: (after - before) / 2 + 1)
    }

    private static func machine(_ configuration: Configuration) -> [Finding] {
        let limit = OwnProcess.raiseDescriptorLimit(to: 1_000_000)
        let folder = File.exists(configuration.dataFolder) ? configuration.dataFolder : "."
        let disk: Finding
        do throws(SystemError) {
            disk = Judgement.disk(freeBytes: try Disk.freeBytes(at: folder), at: folder)
        } catch {
            disk = .bad("disk", "\(error)", "give --data, the folder of `madang up`")
        }
        return [Judgement.descriptors(limit: limit), disk]
    }

    /// What a `madang up` wrote into its folder.
    private static func running(_ name: String, _ configuration: Configuration) -> String? {
        guard let text = try? File.readText(configuration.dataFolder + "/run/" + name) else { return nil }
        let line = text.split(whereSeparator: \.isNewline).first.map(String.init)
        return line?.isEmpty == false ? line : nil
    }
}
