/// One header field to be sent.
package struct HTTPField: Equatable, Sendable {
    /// The name as it goes on the wire.
    package var name: String
    /// The value; control characters in it go out as spaces.
    package var value: String

    /// `name` is a token.
    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }

    /// Appends `name: value CRLF`. A value that comes from outside cannot begin a line of its own.
    func append(to output: inout [UInt8]) {
        output.append(contentsOf: name.utf8)
        output.append(HTTPByte.colon)
        output.append(HTTPByte.space)
        for byte in value.utf8 { output.append(HTTPByte.isValue(byte) ? byte : HTTPByte.space) }
        output.append(HTTPByte.carriageReturn)
        output.append(HTTPByte.lineFeed)
    }
}
