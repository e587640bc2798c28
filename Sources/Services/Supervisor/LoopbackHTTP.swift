import HTTP
import JSON
import Linux

/// One HTTP request to a service of ours, a connection each, with a deadline.
struct LoopbackHTTP: Sendable {
    /// What came back.
    struct Answer: Sendable {
        let status: Int
        let body: [UInt8]
        var value: JSONValue? { try? JSONParser.parse(body) }
    }

    let address: Addresses.Address
    let timeoutMilliseconds: Int

    /// The answer, or nil where there is none in time.
    func ask(_ method: String, _ target: String, fields: [HTTPField] = [], body: [UInt8] = []) -> Answer? {
        let deadline = SystemClock.monotonicNanoseconds() + UInt64(timeoutMilliseconds) * 1_000_000
        guard
            let descriptor = try? Socket.connect(
                host: address.host, port: address.port, timeoutMilliseconds: timeoutMilliseconds)
        else { return nil }
        defer { Descriptor.close(descriptor) }
        var request: [UInt8] = []
        let all = [HTTPField("Connection", "close"), HTTPField("Content-Type", "application/json")] + fields
        HTTPRequestWriter.append(
            method: method, target: target, host: address.description, fields: all, body: body, to: &request)
        let sent = request.withUnsafeBytes { bytes in (try? Descriptor.writeAll(descriptor, bytes)) != nil }
        return sent ? receive(descriptor, deadline) : nil
    }

    private func receive(_ descriptor: Int32, _ deadline: UInt64) -> Answer? {
        var parser = HTTPResponseParser()
        var chunk = [UInt8](repeating: 0, count: 16384)
        var event = HTTPResponseEvent.needMore
        while case .needMore = event {
            let now = SystemClock.monotonicNanoseconds()
            guard now < deadline,
                (try? Descriptor.waitReadable(descriptor, milliseconds: Int((deadline - now) / 1_000_000) + 1)) == true
            else { return nil }
            switch chunk.withUnsafeMutableBytes({ Descriptor.read(descriptor, into: $0) }) {
            case .bytes(let count):
                var offset = 0
                event = chunk.withUnsafeBytes { bytes in
                    parser.next(in: UnsafeRawBufferPointer(rebasing: bytes[..<count]), from: &offset)
                }
            case .end:
                event = parser.connectionEnded()
                if case .needMore = event { return nil }
            case .wouldBlock: continue
            case .failed: return nil
            }
        }
        guard case .response(let response) = event else { return nil }
        return Answer(status: response.status, body: response.body)
    }
}
