internal import BackendCore
internal import Chat
internal import Kafka

/// Copies records out of librdkafka's memory.
enum RecordReader {
    static func record(_ message: KafkaMessage) -> IncomingRecord {
        let headers = Result { () throws(RecordDefect) in try RecordHeaders(lookup: message.headerText) }
        return IncomingRecord(
            offset: message.offset,
            appendedAtMilliseconds: message.hasAppendTimestamp ? message.timestampMilliseconds : nil,
            key: message.key.map { Array($0) } ?? [], value: message.value.map { Array($0) }, headers: headers)
    }

    /// The headers as they came, whoever's they are; for a dead letter.
    static func headers(_ message: KafkaMessage) -> KafkaHeaders {
        var headers = KafkaHeaders(reservingBytes: 320)
        message.forEachHeader { headers.append(name: $0, value: $1) }
        return headers
    }
}
