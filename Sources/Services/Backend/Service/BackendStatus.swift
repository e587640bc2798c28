internal import Chat
internal import Kafka
internal import Linux
internal import Prometheus
internal import Synchronization

/// What the pages of a backend are made of.
final class BackendStatus: Sendable {
    struct State: Sendable {
        /// What keeps it from starting; nil once lanes run.
        var obstacle: [String] = ["kafka: not asked yet"]
        var kafkaTrouble: String?
        var lanes: [LaneControl] = []
        var questions: QuestionPool?
        var answers: AnswerProducer?
        /// The log's end as its leader told it.
        var ends: [PartitionKey: Int64] = [:]
    }

    let metrics = BackendMetrics()
    private let state = Mutex(State())
    private let startedMilliseconds = SystemClock.wallMilliseconds()

    var current: State { state.withLock { $0 } }
    func change(_ body: @Sendable (inout State) -> Void) { state.withLock { body(&$0) } }

    /// Why it is not ready; empty where it is.
    var notReady: [String] {
        let state = current
        if !state.obstacle.isEmpty { return state.obstacle }
        var why: [String] = []
        if let trouble = state.kafkaTrouble { why.append("kafka: \(trouble)") }
        for lane in state.lanes {
            let report = lane.report
            if let trouble = report.databaseTrouble { why.append("postgres: \(trouble)") }
            for partition in report.partitions {
                if let trouble = partition.trouble { why.append("partitions: \(partition.key): \(trouble)") }
            }
        }
        for role in Set(state.lanes.map(\.role)) {
            let hasOne = state.lanes.contains { $0.role == role && !$0.report.partitions.isEmpty }
            if !hasOne { why.append("partitions: the group \(role.group) has given none") }
        }
        if let trouble = state.questions?.trouble { why.append("postgres: \(trouble)") }
        var seen: Set<String> = []
        return why.filter { seen.insert($0).inserted }
    }

    static var metricsType: String { PrometheusText.contentType }

    /// The metrics as Prometheus reads them.
    var metricsText: String {
        var text = PrometheusText()
        let state = current
        text.gauge("madang_ready", "1 where /readyz says ready.", notReady.isEmpty ? 1 : 0)
        text.gauge("madang_start_time_seconds", "When the process began.", Double(startedMilliseconds) / 1_000)
        text.counter(
            "madang_cpu_seconds_total", "CPU the process used.", [([], Double(OwnProcess.cpuMicroseconds()) / 1e6)])
        text.gauge("madang_resident_bytes", "Memory of the process.", Double(OwnProcess.residentBytes()))
        text.gauge("madang_open_descriptors", "Open descriptors.", Double(OwnProcess.openDescriptors()))
        writeCounts(&text, metrics.values, state)
        writePartitions(&text, state)
        return text.text
    }

    private func writeCounts(_ text: inout PrometheusText, _ values: BackendMetrics.Values, _ state: State) {
        text.counter("madang_commands_total", "Records that were applied.", values.records)
        text.counter("madang_batches_total", "Transactions they were applied in.", values.batches)
        text.counter("madang_answers_total", "Records that were produced.", values.answers)
        text.counter(
            "madang_answers_failed_total", "Records that did not get into the log.", state.answers?.failureCount ?? 0)
        text.counter("madang_dead_letters_total", "Records nobody can process.", values.deadLetters)
        text.counter("madang_rewinds_total", "Times a partition was answered again.", values.rewinds)
        text.counter("madang_leases_lost_total", "Times another backend had taken a partition.", values.leasesLost)
        text.counter(
            "madang_questions_total", "Questions by what came of them.",
            [
                ([("outcome", "answered")], Double(values.questionsAnswered)),
                ([("outcome", "late")], Double(values.questionsLate)),
                ([("outcome", "refused")], Double(values.questionsRefused)),
                ([("outcome", "malformed")], Double(values.questionsMalformed)),
            ])
        text.histogram("madang_batch_seconds", "Time of a transaction.", values.batchTime)
        text.histogram(
            "madang_answer_seconds", "From a batch's read to its last answer acknowledged.", values.answerTime)
        text.histogram("madang_question_seconds", "Time a question takes.", values.questionTime)
    }

    private func writePartitions(_ text: inout PrometheusText, _ state: State) {
        var lag: [(labels: PrometheusText.Labels, value: Double)] = []
        var unanswered: [(labels: PrometheusText.Labels, value: Double)] = []
        for lane in state.lanes {
            for partition in lane.report.partitions.sorted(by: { "\($0.key)" < "\($1.key)" }) {
                let labels = [
                    ("topic", partition.key.topic.rawValue), ("partition", "\(partition.key.partition)"),
                    ("lane", lane.name),
                ]
                if let end = state.ends[partition.key] ?? partition.highOffset {
                    lag.append((labels, Double(max(end - partition.answeredOffset, 0))))
                }
                unanswered.append((labels, Double(max(partition.nextToRead - partition.answeredOffset, 0))))
            }
        }
        text.gauge("madang_kafka_lag", "Records that are not answered yet, of partitions owned here.", lag)
        text.gauge("madang_kafka_unanswered", "Records that were read and are not answered yet.", unanswered)
        text.gauge(
            "madang_partitions", "Partitions owned here, by group.",
            Set(state.lanes.map(\.role)).sorted { $0.rawValue < $1.rawValue }.map { role in
                let count = state.lanes.filter { $0.role == role }.reduce(0) { $0 + $1.report.partitions.count }
                return ([("group", role.group)], Double(count))
            })
    }
}
