internal import Chat
internal import HTTP
internal import JSON
internal import Linux
internal import Logging
internal import Synchronization

/// The backend's three pages: `/healthz`, `/readyz`, `/metrics`. One thread, one connection after the other, each with
/// two seconds: whoever asks is a probe of the same operator.
final class BackendHTTP: Sendable {
    /// What the pages say.
    struct Pages: Sendable {
        /// Why it is not ready; empty where it is.
        var notReady: @Sendable () -> [String]
        /// Content-Type and text of the metrics.
        var metrics: @Sendable () -> (type: String, text: String)
    }

    static let connectionMilliseconds = 2_000

    private let listener: Int32
    private let pages: Pages
    private let isRunning = Atomic<Bool>(true)
    private let thread = Mutex<NativeThread?>(nil)
    /// Where it listens, with the port that was found for port 0.
    let address: SocketAddress

    /// Listens. Throws where the address cannot be had.
    init(_ wanted: SocketAddress, pages: Pages) throws(SystemError) {
        self.pages = pages
        listener = try Socket.listen(wanted, backlog: 64, reusePort: false)
        address = try Socket.localAddress(listener)
        let thread = try NativeThread.start(name: "http") { [self] in run() }
        self.thread.withLock { $0 = thread }
    }

    /// Ends; safe to call twice.
    func stop() {
        guard let thread = thread.withLock({ $0.take() }) else { return }
        isRunning.store(false, ordering: .releasing)
        thread.join()
        Descriptor.close(listener)
    }

    private func run() {
        while isRunning.load(ordering: .acquiring) {
            _ = try? Descriptor.waitReadable(listener, milliseconds: 200)
            if case .connection(let connection) = Socket.accept(listener) {
                serve(connection)
                Descriptor.close(connection)
            }
        }
    }

    private func serve(_ connection: Int32) {
        var parser = HTTPRequestParser(limits: HTTPLimits())
        var buffer = [UInt8](repeating: 0, count: 8_192)
        let end = SystemClock.monotonicNanoseconds() + UInt64(Self.connectionMilliseconds) * 1_000_000
        var isOver = false
        while !isOver, isRunning.load(ordering: .acquiring) {
            let now = SystemClock.monotonicNanoseconds()
            guard now < end,
                let isReadable = try? Descriptor.waitReadable(
                    connection, milliseconds: Int((end - now) / 1_000_000) + 1), isReadable
            else { return }
            let result = buffer.withUnsafeMutableBytes { Descriptor.read(connection, into: $0) }
            guard case .bytes(let count) = result else {
                if case .wouldBlock = result { continue }
                return
            }
            var offset = 0
            let event = buffer.withUnsafeBytes {
                parser.next(in: UnsafeRawBufferPointer(rebasing: $0[..<count]), from: &offset)
            }
            switch event {
            case .needMore, .expectsContinue: continue
            case .request(let request):
                let response = answer(request)
                write(response, HTTPResponse.Delivery(date: date, to: request, closes: true), to: connection, end)
                isOver = true
            case .violation(let violation):
                let response = HTTPResponse(status: violation.status, body: Array("\(violation.reason)\n".utf8))
                write(response, HTTPResponse.Delivery(date: date, closes: true), to: connection, end)
                isOver = true
            }
        }
    }

    private var date: String { HTTPDate.text(secondsSince1970: SystemClock.wallMilliseconds() / 1_000) }

    private func answer(_ request: HTTPRequest) -> HTTPResponse {
        guard ["/healthz", "/readyz", "/metrics"].contains(request.target.path) else {
            return HTTPResponse(status: 404, body: Array("not found\n".utf8))
        }
        guard request.method == "GET" || request.method == "HEAD" else {
            return HTTPResponse(status: 405, fields: [HTTPField("Allow", "GET, HEAD")])
        }
        switch request.target.path {
        case "/healthz": return HTTPResponse(status: 200, body: Array("ok\n".utf8))
        case "/metrics":
            let (type, text) = pages.metrics()
            return HTTPResponse(status: 200, fields: [HTTPField("Content-Type", type)], body: Array(text.utf8))
        default: return readiness(pages.notReady())
        }
    }

    private func readiness(_ why: [String]) -> HTTPResponse {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("status", why.isEmpty ? "ready" : "not_ready")
        if !why.isEmpty { writer.strings("why", why) }
        writer.endObject()
        return HTTPResponse(
            status: why.isEmpty ? 200 : 503, fields: [HTTPField("Content-Type", "application/json")],
            body: writer.bytes)
    }

    private func write(_ response: HTTPResponse, _ delivery: HTTPResponse.Delivery, to connection: Int32, _ end: UInt64)
    {
        var output: [UInt8] = []
        response.append(to: &output, delivery)
        var sent = 0
        while sent < output.count, SystemClock.monotonicNanoseconds() < end {
            let result = output.withUnsafeBytes {
                Socket.send(connection, UnsafeRawBufferPointer(rebasing: $0[sent...]))
            }
            switch result {
            case .bytes(let count): sent += count
            case .wouldBlock: _ = try? Descriptor.waitWritable(connection, milliseconds: 100)
            case .end, .failed: return
            }
        }
        Socket.shutdownWriting(connection)
    }
}
