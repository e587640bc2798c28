import Crypto
import HTTP
import JSON

/// One HTTP request to a service of ours, a connection each.
struct LoopbackHTTP: Sendable {
    /// What came back.
    struct Answer: Sendable {
        let status: Int
        let body: [UInt8]
        var value: JSONValue? { try? JSONParser.parse(body) }
    }

    let address: Addresses.Address
    /// Nil: without TLS.
    let tls: TLSContext?
    let timeoutMilliseconds: Int

    /// The answer, or nil where there is none in time.
    func ask(_ method: String, _ target: String, fields: [HTTPField] = [], body: [UInt8] = []) -> Answer? {
        guard let connection = LoopbackConnection(address, tls: tls, timeoutMilliseconds: timeoutMilliseconds) else {
            return nil
        }
        var request: [UInt8] = []
        let all = [HTTPField("Connection", "close"), HTTPField("Content-Type", "application/json")] + fields
        HTTPRequestWriter.append(
            method: method, target: target, host: address.description, fields: all, body: body, to: &request)
        guard connection.send(request) else { return nil }
        var parser = HTTPResponseParser()
        var event = HTTPResponseEvent.needMore
        while case .needMore = event {
            guard let bytes = connection.receive() else { return nil }
            if bytes.isEmpty {
                event = parser.connectionEnded()
                if case .needMore = event { return nil }
            } else {
                var offset = 0
                event = bytes.withUnsafeBytes { parser.next(in: $0, from: &offset) }
            }
        }
        guard case .response(let response) = event else { return nil }
        return Answer(status: response.status, body: response.body)
    }
}
