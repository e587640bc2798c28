internal import CKafka
internal import Glibc

/// Makes instances of librdkafka and turns what it tells into the callbacks of a configuration.
enum KafkaHandle {
    /// What a callback of librdkafka finds behind its opaque pointer. It is the owner of the instance that keeps it,
    /// for as long as the instance lives.
    final class Ears {
        let onLog: (@Sendable (KafkaLogLine) -> Void)?
        let onStatistics: (@Sendable (String) -> Void)?
        /// What a consumer's callbacks found; only its own polling thread touches it.
        var events: [KafkaConsumerEvent] = []
        /// The embedded broker cannot be told not to make topics, and librdkafka says so at every turn.
        private let ignoredFacility: String?

        init(_ configuration: KafkaConfiguration) {
            ignoredFacility = configuration.isEmbedded ? "AUTOCREATE" : nil
            onLog = configuration.onLog
            onStatistics = configuration.onStatistics
        }

        func log(level: Int32, facility: UnsafePointer<CChar>?, text: UnsafePointer<CChar>?) {
            guard let onLog else { return }
            let facility = facility.map { String(cString: $0) } ?? ""
            if facility == ignoredFacility { return }
            let message = text.map { String(cString: $0) } ?? ""
            onLog(KafkaLogLine(level: Int(level), facility: facility, message: message))
        }
    }

    /// A new instance; `prepare` sets callbacks. The caller owns it, and the ears.
    static func make(
        _ type: rd_kafka_type_t, _ settings: [KafkaConfiguration.Setting], ears: Ears,
        prepare: (OpaquePointer) -> Void
    ) throws(KafkaError) -> OpaquePointer {
        guard let conf = rd_kafka_conf_new() else { throw KafkaError(RD_KAFKA_RESP_ERR__FAIL, "rd_kafka_conf_new") }
        var text = [CChar](repeating: 0, count: 512)
        for setting in settings {
            guard rd_kafka_conf_set(conf, setting.name, setting.value, &text, text.count) == RD_KAFKA_CONF_OK else {
                rd_kafka_conf_destroy(conf)
                throw KafkaError(rawCode: RD_KAFKA_RESP_ERR__INVALID_ARG.rawValue, message: string(text))
            }
        }
        rd_kafka_conf_set_opaque(conf, Unmanaged.passUnretained(ears).toOpaque())
        prepare(conf)
        guard let handle = rd_kafka_new(type, conf, &text, text.count) else {
            let raw = rd_kafka_last_error().rawValue
            rd_kafka_conf_destroy(conf)
            throw KafkaError(rawCode: raw, message: string(text))
        }
        rd_kafka_set_log_queue(handle, nil)
        return handle
    }

    /// The ears behind an opaque pointer given to `make`.
    static func ears(_ opaque: UnsafeMutableRawPointer?) -> Ears? {
        opaque.map { Unmanaged<Ears>.fromOpaque($0).takeUnretainedValue() }
    }

    /// The id of the cluster, nil where no broker answered in time.
    static func clusterID(_ handle: OpaquePointer, waitMilliseconds: Int) -> String? {
        guard let id = rd_kafka_clusterid(handle, Int32(clamping: waitMilliseconds)) else { return nil }
        defer { rd_kafka_mem_free(handle, id) }
        return String(cString: id)
    }

    static func string(_ text: [CChar]) -> String {
        String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    static var monotonicMilliseconds: Int64 {
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        return Int64(now.tv_sec) * 1000 + Int64(now.tv_nsec) / 1_000_000
    }
}
