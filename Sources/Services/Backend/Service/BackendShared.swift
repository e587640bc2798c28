internal import Kafka
internal import Linux
internal import Logging

/// What all lanes of a process share.
struct BackendShared: Sendable {
    let kafka: KafkaConfiguration
    let answers: AnswerProducer
    let questions: QuestionPool
    let metrics: BackendMetrics
    let logger: Logger
    let makeStore: @Sendable (String) -> ChatStore
    let wish: Failpoint.Wish?

    func failpoint(_ point: Failpoint, _ passings: inout Int) { point.pass(wish, &passings) }
}
