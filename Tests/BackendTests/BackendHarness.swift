import Backend
import BackendCore
import Chat
import JSON
import Kafka
import Linux
import Logging
import Postgres
import Synchronization
import TestSupport
import Testing

/// The embedded Kafka with Madang's topics, a database, and whatever a test produces and reads by hand.
final class BackendHarness {
    static let partitions = 4

    let kafka: EmbeddedKafka
    let configuration: KafkaConfiguration
    let uri: PostgresURI
    let producer: KafkaProducer
    private let folder: TemporaryDirectory
    private var counter: UInt64 = 0
    private var consumer: KafkaConsumer?
    private(set) var responses: [Response] = []

    struct Missing: Error, CustomStringConvertible {
        let description: String
    }

    /// What came out of a RESPONSE topic, or the dead letters.
    struct Response {
        let topic: String
        let partition: Int32
        let key: String
        let value: JSONValue?
        let headers: [String: String]

        var messageID: String { headers["message-id"] ?? "" }
        var outcome: String { headers["outcome"] ?? "" }
        var seq: Int64? { value?["seq"]?.integer }
    }

    init(people: [String] = ["A", "B"]) throws {
        folder = try TemporaryDirectory()
        kafka = try EmbeddedKafka()
        for topic in Topic.allCases { try kafka.createTopic(topic.rawValue, partitions: Self.partitions) }
        var configuration = KafkaConfiguration(bootstrap: kafka.bootstrap, clientID: "test")
        configuration.isEmbedded = true
        self.configuration = configuration
        uri = try ChatFixture.newDatabase()
        producer = try KafkaProducer(configuration) { _ in }
        try producer.prepare(Topic.allCases.map(\.rawValue))
        for person in people {
            try sql(
                "INSERT INTO chat.app_user (user_id, user_name, created_at, credential) "
                    + "VALUES ('\(person)', '.\(person)', now(), '')")
        }
    }

    deinit {
        consumer?.close(deadlineMilliseconds: 0)
        producer.close(deadlineMilliseconds: 0)
    }

    @discardableResult
    func sql(_ text: String) throws -> [[String?]] {
        let connection = PostgresConnection(uri, applicationName: "tests")
        try connection.connect()
        defer { connection.close() }
        let rows = try connection.run(text)
        return (0..<rows.count).map { row in (0..<rows.columnsCount).map { rows.optionalText(row, $0) } }
    }

    /// A backend of this harness; its pages are on a free port of loopback.
    func backend(roles: Set<BackendRole> = [.chat]) throws -> RunningBackend {
        var store = ChatStore.Configuration(uri: uri)
        store.sessionKeys = ChatFixture.keys
        var configuration = Backend.Configuration(kafka: configuration, store: store)
        configuration.roles = roles
        return try RunningBackend(configuration)
    }

    /// The same as a process of its own, so that it can be killed. It dies at `failpoint`, if one is named.
    func process(failpoint: String? = nil) throws -> TestSupport.ChildProcess {
        let file = folder.file("topics.yaml")
        let topics = Topic.allCases.map {
            "- {name: \($0.rawValue), partitions: \(Self.partitions), replicationFactor: 1, key: k, producers: [], "
                + "consumers: []}\n"
        }
        try File.replace(file, with: Array("version: 1\ntopics:\n\(topics.joined())".utf8))
        let rest = ["host", "port", "user"].map { "\($0)=\(uri.settings[$0] ?? "")" }.joined(separator: "&")
        let place = "postgresql:///\(uri.settings["dbname"] ?? "")?\(rest)"
        return try MadangProcess.start(
            [
                "backend", "--kafka", kafka.bootstrap, "--postgres", place, "--topics", file, "--roles", "chat",
                "--http", "127.0.0.1:\(FreePorts.take(1)[0])",
            ], environment: ["MADANG_FAILPOINT": failpoint])
    }

    // MARK: Producing

    /// Produces a command as a front would; gives its id.
    @discardableResult
    func send(_ command: Command, by user: String, id: MessageID? = nil, secondsLeft: Int64 = 30) throws -> MessageID {
        let id = id ?? newID()
        var headers = self.headers(command.type, user, secondsLeft)
        headers.messageID = id
        try produce(.chatMessageRequest, command.key(userID: user), command.value, headers)
        return id
    }

    /// Produces a question; gives its correlation.
    @discardableResult
    func ask(_ question: Question, by user: String, partition: Int32 = 1, secondsLeft: Int64 = 30) throws -> String {
        var headers = self.headers(question.type, user, secondsLeft)
        headers.replyTo = ReplyTo(frontID: "front-1", partition: partition)
        try produce(.chatRoomRequest, question.key(userID: user), question.value, headers)
        return headers.correlationID?.description ?? ""
    }

    func produce(_ topic: Topic, _ key: [UInt8], _ value: [UInt8]?, _ headers: RecordHeaders) throws {
        var flat = KafkaHeaders()
        for (name, value) in headers.pairs { flat.append(name: name, value: value) }
        try producer.produce(to: producer.topic(topic.rawValue), key: key, value: value, headers: flat)
    }

    func newID() -> MessageID {
        counter += 1
        return MessageID(milliseconds: SystemClock.wallMilliseconds(), random: (7, counter))
    }

    private func headers(_ type: RecordType, _ user: String, _ secondsLeft: Int64) -> RecordHeaders {
        counter += 1
        var headers = RecordHeaders(type: type.rawValue)
        headers.correlationID = CorrelationID(boot: MessageID(high: 1, low: 2), counter: counter)
        headers.replyTo = ReplyTo(frontID: "front-1", partition: 1)
        headers.userID = user
        headers.notAfterMilliseconds = SystemClock.wallMilliseconds() + secondsLeft * 1_000
        return headers
    }

    // MARK: Reading

    /// Reads until there is a response that fits; gives the first.
    func response(_ what: String, seconds: Double = 30, where accept: (Response) -> Bool) throws -> Response {
        var found: Response?
        try awaitResponses(what, seconds: seconds) {
            found = $0.first(where: accept)
            return found != nil
        }
        return try #require(found)
    }

    /// Reads until what came so far fits.
    func awaitResponses(_ what: String, seconds: Double = 30, where accept: ([Response]) -> Bool) throws {
        let reader = try self.consumer ?? startReading()
        let isThere = Deadline.wait(seconds: seconds) {
            _ = reader.poll(countMax: 1_000) { batch in
                for index in 0..<batch.count { responses.append(Self.response(batch[index])) }
            }
            return accept(responses)
        }
        guard isThere else {
            let seen = responses.map { "\($0.topic) \($0.partition) \($0.key) \($0.headers)" }
            throw Missing(description: "no \(what); there is \(seen)")
        }
    }

    private func startReading() throws -> KafkaConsumer {
        let reader = try KafkaConsumer(configuration)
        let topics: [Topic] = [.chatMessageResponse, .chatRoomResponse, .userResponse, .deadLetter]
        try reader.assign(
            topics.flatMap { topic in
                (0..<Int32(Self.partitions)).map { KafkaPosition(topic: topic.rawValue, partition: $0, offset: 0) }
            })
        consumer = reader
        return reader
    }

    private static func response(_ message: KafkaMessage) -> Response {
        var headers: [String: String] = [:]
        message.forEachHeader { name, value in
            headers[String(decoding: name, as: UTF8.self)] = value.map { String(decoding: $0, as: UTF8.self) } ?? ""
        }
        return Response(
            topic: message.topic, partition: message.partition,
            key: message.key.map { String(decoding: $0, as: UTF8.self) } ?? "",
            value: message.value.flatMap { try? JSONParser.parse(Array($0), depthMax: 16) }, headers: headers)
    }

    /// Makes a room of A and B with a running backend, and gives its number.
    func room() throws -> RoomID {
        let id = try send(.createRoom(RoomCreate(roomName: "room", kind: .group, userIDs: ["B"])), by: "A")
        let made = try response("room") { $0.messageID == id.description }
        #expect(made.outcome == "stored")
        return try #require(made.value?["roomId"]?.integer)
    }

    /// What is wrong with the room: seqs that are not 1, 2, 3 …, or ids that are there twice (I2, I3).
    func flaws(of room: RoomID) throws -> String {
        let rows = try sql("SELECT seq, message_id FROM chat.event WHERE room_id = \(room) ORDER BY seq")
        let seqs = rows.compactMap { $0[0].flatMap { Int($0) } }
        if seqs != Array(1..<(rows.count + 1)) { return "seqs \(seqs)" }
        return Set(rows.map { $0[1] }).count == rows.count ? "" : "an id is there twice"
    }
}

/// A backend on a thread of this process.
final class RunningBackend: Sendable {
    private let isStopping = Mutex(false)
    private let status = Mutex<Int32?>(nil)
    private let thread = Mutex<NativeThread?>(nil)
    let pages: String

    init(_ configuration: Backend.Configuration) throws {
        var configuration = configuration
        pages = "127.0.0.1:\(FreePorts.take(1)[0])"
        let (host, port) = try #require(SocketAddress.split(pages))
        configuration.http = try SocketAddress.resolve(host: host, port: port).first
        let logger = Logger(service: "backend", level: .error)
        let ready = configuration
        let thread = try NativeThread.start(name: "backend") { [self] in
            let code = Backend.run(ready, logger: logger) { milliseconds in
                Deadline.wait(seconds: Double(milliseconds) / 1_000) { self.isStopping.withLock { $0 } }
            }
            status.withLock { $0 = code }
        }
        self.thread.withLock { $0 = thread }
    }

    /// Stops it and gives its exit status.
    @discardableResult
    func stop() -> Int32? {
        isStopping.withLock { $0 = true }
        thread.withLock { $0.take() }?.join()
        return status.withLock { $0 }
    }

    /// The status and the body of a page.
    func get(_ path: String) -> (status: Int, body: String) {
        guard let (host, port) = SocketAddress.split(pages),
            let connection = try? Socket.connect(host: host, port: port, timeoutMilliseconds: 2_000)
        else { return (0, "") }
        defer { Descriptor.close(connection) }
        let request = Array("GET \(path) HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".utf8)
        _ = request.withUnsafeBytes { Socket.send(connection, $0) }
        var text: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        var isOver = false
        while !isOver {
            switch chunk.withUnsafeMutableBytes({ Descriptor.read(connection, into: $0) }) {
            case .bytes(let count): text += chunk[..<count]
            default: isOver = true
            }
        }
        let answer = String(decoding: text, as: UTF8.self)
        let body = answer.split(separator: "\r\n\r\n", maxSplits: 1).dropFirst().first.map(String.init) ?? ""
        return (Int(answer.split(separator: " ").dropFirst().first ?? "") ?? 0, body)
    }

    var isReady: Bool {
        let answer = self.get("/readyz")
        return answer.status == 200
    }
}
