/// Writes requests, for clients.
package enum HTTPRequestWriter {
    /// Appends a whole request. `target` is encoded already; `host` as in the Host field, with its port where that is
    /// not the default. Content-Length goes with every body, and with every method that has one by its meaning.
    package static func append(
        method: String, target: String, host: String, fields: [HTTPField] = [], body: [UInt8] = [],
        to output: inout [UInt8]
    ) {
        precondition(target.utf8.allSatisfy(HTTPByte.isTarget) && method.utf8.allSatisfy(HTTPByte.isToken))
        output.append(contentsOf: "\(method) \(target) HTTP/1.1\r\n".utf8)
        HTTPField("Host", host).append(to: &output)
        for field in fields { field.append(to: &output) }
        if !body.isEmpty || ["POST", "PUT", "PATCH"].contains(method) {
            HTTPField("Content-Length", "\(body.count)").append(to: &output)
        }
        output.append(contentsOf: [HTTPByte.carriageReturn, HTTPByte.lineFeed])
        output.append(contentsOf: body)
    }
}
