/// A frame that lies where it was read: all its pointers are valid until the parser that made it, or another one
/// with the same scratch, is asked for the next frame, and no longer than the input.
package struct StompFrameView {
    /// What the frame says.
    package let command: StompCommand
    /// The command's octets, for one that is unknown.
    package let commandName: UnsafeRawBufferPointer
    /// The body's octets, without the NULL octet behind it.
    package let body: UnsafeRawBufferPointer
    let headers: UnsafeBufferPointer<StompHeader>

    /// How many header lines the frame has, repeated ones included.
    package var headerCount: Int { headers.count }

    /// The name and the unescaped value of the header line `index`, in the order of the frame.
    package func header(at index: Int) -> (name: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer) {
        (headers[index].name, headers[index].value)
    }

    /// The unescaped value of the first header `name`; later ones are history (STOMP 1.2, Repeated Header Entries).
    package func value(_ name: StaticString) -> UnsafeRawBufferPointer? {
        for header in headers where bytesEqual(header.name, name) { return header.value }
        return nil
    }

    /// As `value`, copied.
    package func bytes(_ name: StaticString) -> [UInt8]? { value(name).map { [UInt8]($0) } }

    /// As `value`, as a String; header values are UTF-8, which the parser has checked.
    package func string(_ name: StaticString) -> String? {
        value(name).map { String(decoding: $0, as: UTF8.self) }
    }
}

/// One header line, unescaped.
struct StompHeader {
    var name: UnsafeRawBufferPointer
    var value: UnsafeRawBufferPointer
}
