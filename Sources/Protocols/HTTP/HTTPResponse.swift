/// A whole response: to be sent by a server, or as a client received it.
package struct HTTPResponse: Equatable, Sendable {
    /// 200, 404 …
    package var status: Int
    /// Header fields. Those about length, connection and date are written by `append` and must not be among them.
    package var fields: [HTTPField]
    /// The body, without chunks.
    package var body: [UInt8]

    /// A response to be sent.
    package init(status: Int, fields: [HTTPField] = [], body: [UInt8] = []) {
        self.status = status
        self.fields = fields
        self.body = body
    }

    /// `100 Continue`, whole (RFC 9110 §15.2.1).
    package static let goOn = Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)

    /// How the response goes out on its connection.
    package struct Delivery: Sendable {
        /// The value of Date (`HTTPDate.text`), RFC 9110 §6.6.1.
        package var date: String
        /// The server closes the connection behind this response.
        package var closes: Bool
        /// The request was HEAD: no body, but its length (RFC 9110 §9.3.2).
        package var isHead: Bool
        /// The client speaks HTTP/1.1.
        package var isHTTP11: Bool

        /// For an answer to HTTP/1.1 on a connection that stays open, unless told otherwise.
        package init(date: String, closes: Bool = false, isHead: Bool = false, isHTTP11: Bool = true) {
            self.date = date
            self.closes = closes
            self.isHead = isHead
            self.isHTTP11 = isHTTP11
        }

        /// For an answer to `request`.
        package init(date: String, to request: HTTPRequest, closes: Bool = false) {
            self.init(
                date: date, closes: closes || !request.keepsAlive, isHead: request.isHead, isHTTP11: request.isHTTP11)
        }
    }

    /// Appends the whole response: Content-Length always, but for 1xx and 204 (RFC 9110 §8.6).
    package func append(to output: inout [UInt8], _ delivery: Delivery) {
        output.reserveCapacity(output.count + 256 + body.count)
        appendHead(to: &output, delivery)
        if status >= 200 && status != 204 { HTTPField("Content-Length", "\(body.count)").append(to: &output) }
        output.append(contentsOf: [HTTPByte.carriageReturn, HTTPByte.lineFeed])
        if !delivery.isHead && status >= 200 && status != 204 { output.append(contentsOf: body) }
    }

    /// Appends the head of a response whose length is not known yet (`body` is left out): in chunks for HTTP/1.1,
    /// ended by the close for HTTP/1.0 (RFC 9112 §7.1, §6.3). Returns whether chunks follow.
    package func appendStreamHead(to output: inout [UInt8], _ delivery: Delivery) -> Bool {
        var delivery = delivery
        if !delivery.isHTTP11 { delivery.closes = true }
        appendHead(to: &output, delivery)
        if delivery.isHTTP11 { HTTPField("Transfer-Encoding", "chunked").append(to: &output) }
        output.append(contentsOf: [HTTPByte.carriageReturn, HTTPByte.lineFeed])
        return delivery.isHTTP11
    }

    private func appendHead(to output: inout [UInt8], _ delivery: Delivery) {
        output.append(contentsOf: "HTTP/1.1 \(status) \(HTTPStatus.reason(status))\r\n".utf8)
        HTTPField("Date", delivery.date).append(to: &output)
        for field in fields { field.append(to: &output) }
        if delivery.closes {
            HTTPField("Connection", "close").append(to: &output)
        } else if !delivery.isHTTP11 {
            HTTPField("Connection", "keep-alive").append(to: &output)
        }
    }

    /// The value of the first field with this name, in any case; nil where there is none.
    package subscript(name: String) -> String? {
        fields.first { $0.name.utf8.elementsEqual(name.utf8) { HTTPByte.lowercased($0) == HTTPByte.lowercased($1) } }?
            .value
    }

    /// The values of all fields with this name, in any case, in order.
    package func all(_ name: String) -> [String] {
        fields.filter { field in
            field.name.utf8.elementsEqual(name.utf8) { HTTPByte.lowercased($0) == HTTPByte.lowercased($1) }
        }.map(\.value)
    }
}
