internal import CKafka
internal import Glibc

/// librdkafka's mock cluster with one broker: the real protocol, consumer groups included, nothing kept over a restart.
///
/// Its limits: a partition holds 5 MiB or 100,000 batches and drops the oldest; no admin calls; it creates any topic it
/// is asked for with 4 partitions (so create topics before telling its address); a rebalance takes the session less a
/// second, the first one 3 s; only IPv4; three or more members of one group have crashed it.
package final class EmbeddedKafka {
    /// How the id of every embedded cluster begins; the rest is random, so that each start is a log of its own.
    package static let clusterIDPrefix = "mockCluster"

    private let handle: OpaquePointer
    private let cluster: OpaquePointer
    private let ears: KafkaHandle.Ears
    private var isClosed = false

    /// `HOST:PORT` for clients.
    package let bootstrap: String
    /// What clients see as the cluster's id.
    package let clusterID: String

    /// A Kafka request that a fault can be put on (the protocol's ApiKey).
    package enum Request: Int16, Sendable {
        case produce = 0
        case fetch = 1
        case listOffsets = 2
        case metadata = 3
        case offsetCommit = 8
        case offsetFetch = 9
        case findCoordinator = 10
        case joinGroup = 11
        case heartbeat = 12
        case syncGroup = 14
    }

    /// Starts a broker that listens on `HOST:PORT` (IPv4; port 0 or nil: any free port of 127.0.0.1) and announces
    /// itself under it. `randomID`: 64 random bits for the cluster's id. Throws `addressInUse` where the address cannot
    /// be had, `invalid` where it is none.
    package init(
        listen: String? = nil, randomID: UInt64 = .random(in: .min ... .max),
        onLog: (@Sendable (KafkaLogLine) -> Void)? = nil
    ) throws(KafkaError) {
        let wanted = try listen.map { text throws(KafkaError) in try ListenAddress(text) }
        var configuration = KafkaConfiguration(bootstrap: "", clientID: "madang-broker")
        configuration.onLog = onLog
        ears = KafkaHandle.Ears(configuration)
        // At 5 it complains that it has no brokers to connect to.
        let settings: [KafkaConfiguration.Setting] = [("client.id", "madang-broker"), ("log_level", "4")]
        let handle = try KafkaHandle.make(RD_KAFKA_PRODUCER, settings, ears: ears) { conf in
            rd_kafka_conf_set_log_cb(conf) { handle, level, facility, text in
                guard let handle else { return }
                KafkaHandle.ears(rd_kafka_opaque(handle))?.log(level: level, facility: facility, text: text)
            }
        }
        let (made, failure) = WantedBind.whileBinding(to: wanted) { rd_kafka_mock_cluster_new(handle, 1) }
        guard let cluster = made else {
            rd_kafka_destroy(handle)
            throw KafkaError(RD_KAFKA_RESP_ERR__FAIL, "the embedded broker does not start")
        }
        if let failure, let wanted {
            rd_kafka_mock_cluster_destroy(cluster)
            rd_kafka_destroy(handle)
            throw KafkaError.cannotListen(wanted.text, failure)
        }
        self.handle = handle
        self.cluster = cluster
        bootstrap = String(cString: rd_kafka_mock_cluster_bootstraps(cluster))
        clusterID = Self.nameCluster(cluster, randomID)
    }

    deinit { close() }

    /// librdkafka makes the id out of an address in memory, which a restart may repeat, and has no call to set it. It
    /// is the first member of the structure (rdkafka_mock_int.h, 32 octets) in every version that has one; that is
    /// checked before a word is written, and no client knows the address of the broker yet.
    private static func nameCluster(_ cluster: OpaquePointer, _ randomID: UInt64) -> String {
        let id = UnsafeMutableRawPointer(cluster).assumingMemoryBound(to: UInt8.self)
        guard clusterIDPrefix.utf8.elementsEqual(UnsafeBufferPointer(start: id, count: clusterIDPrefix.utf8.count))
        else { return clusterIDPrefix }
        var digits = String(randomID, radix: 16)
        digits = String(repeating: "0", count: 16 - digits.utf8.count) + digits
        for (index, digit) in digits.utf8.enumerated() { id[clusterIDPrefix.utf8.count + index] = digit }
        id[clusterIDPrefix.utf8.count + digits.utf8.count] = 0
        return clusterIDPrefix + digits
    }

    /// Ends the broker; clients are cut off. Safe to call twice.
    package func close() {
        if isClosed { return }
        isClosed = true
        rd_kafka_mock_cluster_destroy(cluster)
        rd_kafka_destroy(handle)
    }

    /// Makes a topic. Throws `topicExists`, `invalid`.
    package func createTopic(_ name: String, partitions: Int) throws(KafkaError) {
        let error = rd_kafka_mock_topic_create(cluster, name, Int32(clamping: partitions), 1)
        if error != RD_KAFKA_RESP_ERR_NO_ERROR { throw KafkaError(error, "create \(name)") }
    }

    /// The next request of that kind is answered with `rawCode` (0: carried out) after so many milliseconds; later
    /// calls queue up behind. A delay beyond the client's socket timeout is a lost answer.
    package func pushFault(_ request: Request, rawCode: Int32 = 0, delayMilliseconds: Int = 0) throws(KafkaError) {
        let error = madang_kafka_push_error(
            cluster, 1, request.rawValue, rawCode, Int32(clamping: delayMilliseconds))
        if error != RD_KAFKA_RESP_ERR_NO_ERROR { throw KafkaError(error, "push fault") }
    }

    /// Every answer from now on comes so many milliseconds late.
    package func setDelay(milliseconds: Int) {
        rd_kafka_mock_broker_set_rtt(cluster, 1, Int32(clamping: milliseconds))
    }

    /// Cuts all clients off and takes no new ones, or takes them again.
    package func setDown(_ isDown: Bool) {
        _ = isDown ? rd_kafka_mock_broker_set_down(cluster, 1) : rd_kafka_mock_broker_set_up(cluster, 1)
    }

    /// Tells what the broker logged.
    package func tellLogs() { rd_kafka_poll(handle, 0) }
}

extension KafkaError {
    static func cannotListen(_ address: String, _ error: Int32) -> KafkaError {
        let words = "cannot listen on \(address): \(String(cString: strerror(error)))"
        return KafkaError(code: .addressInUse, rawCode: error, message: words)
    }

    /// An error of the system, not of Kafka.
    init(code: Code, rawCode: Int32, message: String) {
        self.code = code
        self.rawCode = rawCode
        self.message = message
        isFatal = false
    }
}
