package import HTTP
package import JSON

/// An HTTP/1.1 client that keeps one connection alive and waits for each answer. One thread at a time.
package final class HTTPClient {
    private let url: ClientURL
    private let timeoutMilliseconds: Int
    private var connection: TCPConnection?
    private var parser = HTTPResponseParser()

    /// The token that goes with each request, as `Authorization: Bearer`.
    package var token: String?

    /// The largest body that is taken.
    package static let bodyBytesMax = 64 << 20

    /// A client of one server; `timeoutMilliseconds` is for each request.
    package init(_ url: ClientURL, timeoutMilliseconds: Int = 15_000) {
        self.url = url
        self.timeoutMilliseconds = timeoutMilliseconds
    }

    /// Sends a request and waits for its answer, whatever its status. On a kept connection that has ended meanwhile, a
    /// request that may be repeated goes out again on a new one.
    ///
    /// - Parameter target: path and query, percent-encoded.
    /// - Throws: `ClientError`, never `status`.
    package func request(
        _ method: String, _ target: String, fields: [HTTPField] = [], body: [UInt8] = []
    ) throws(ClientError) -> HTTPResponse {
        var bytes: [UInt8] = []
        var fields = fields
        if let token { fields.append(HTTPField("Authorization", "Bearer \(token)")) }
        HTTPRequestWriter.append(
            method: method, target: target, host: url.authority, fields: fields, body: body, to: &bytes)
        let mayRepeat = method != "POST" || fields.contains { $0.name == "Idempotency-Key" }
        if let kept = connection {
            do throws(ClientError) {
                return try exchange(bytes, method, kept)
            } catch {
                drop()
                guard case .closed = error, mayRepeat else { throw error }
            }
        }
        let made = try TCPConnection(host: url.host, port: url.port, timeoutMilliseconds: timeoutMilliseconds)
        connection = made
        var limits = HTTPLimits()
        limits.bodyBytesMax = HTTPClient.bodyBytesMax
        parser = HTTPResponseParser(limits: limits)
        do throws(ClientError) {
            return try exchange(bytes, method, made)
        } catch {
            drop()
            throw error
        }
    }

    /// Ends the connection; the next request makes another.
    package func drop() {
        connection?.close()
        connection = nil
    }

    private func exchange(
        _ request: [UInt8], _ method: String, _ connection: TCPConnection
    ) throws(ClientError) -> HTTPResponse {
        let deadline = Deadline(milliseconds: timeoutMilliseconds)
        try connection.send(request, deadline)
        parser.answersHead = method == "HEAD"
        while true {
            let event: HTTPResponseEvent
            do throws(ClientError) {
                guard let bytes = try connection.receive(deadline) else { throw .timedOut("\(method) over HTTP") }
                var offset = 0
                event = parser.next(in: UnsafeRawBufferPointer(bytes), from: &offset)
            } catch {
                guard case .closed = error, case .response(let response) = parser.connectionEnded() else { throw error }
                drop()
                return response
            }
            switch event {
            case .needMore: continue
            case .violation(let violation): throw .broken("an HTTP answer that breaks the protocol: \(violation)")
            case .response(let response):
                if !parser.keepsAlive { drop() }
                return response
            }
        }
    }
}

extension HTTPClient {
    /// Sends JSON and reads JSON.
    ///
    /// - Throws: `status` for any answer from 300 on; `broken` where a good answer is not JSON.
    package func json(
        _ method: String, _ target: String, fields: [HTTPField] = [], _ body: JSONValue? = nil
    ) throws(ClientError) -> JSONValue {
        let type = body == nil ? [] : [HTTPField("Content-Type", "application/json")]
        let response = try request(method, target, fields: fields + type, body: body?.bytes ?? [])
        guard response.status < 300 else { throw .status(response) }
        guard !response.body.isEmpty else { return .null }
        do {
            return try JSONParser.parse(response.body)
        } catch {
            throw .broken("an answer that is not JSON: \(error)")
        }
    }
}

extension HTTPResponse {
    /// `error.code` of an answer that refuses.
    package var errorCode: String? {
        (try? JSONParser.parse(body))?["error"]?["code"]?.string
    }

    /// `error.message` of an answer that refuses.
    package var errorMessage: String? {
        (try? JSONParser.parse(body))?["error"]?["message"]?.string
    }
}
