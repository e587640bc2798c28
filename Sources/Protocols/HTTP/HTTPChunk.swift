/// Writes the chunked coding (RFC 9112 §7.1).
package enum HTTPChunk {
    /// Ends the body; no trailers.
    package static let last = Array("0\r\n\r\n".utf8)

    /// Appends one chunk; nothing for no data, as an empty chunk would end the body.
    package static func append(_ data: [UInt8], to output: inout [UInt8]) {
        guard !data.isEmpty else { return }
        output.append(contentsOf: String(data.count, radix: 16).utf8)
        output.append(contentsOf: [HTTPByte.carriageReturn, HTTPByte.lineFeed])
        output.append(contentsOf: data)
        output.append(contentsOf: [HTTPByte.carriageReturn, HTTPByte.lineFeed])
    }
}
