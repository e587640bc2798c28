/// A frame that owns its octets, in one array.
package struct StompFrame: Sendable, Equatable {
    /// What the frame says.
    package let command: StompCommand
    /// Command, header names and values, and body, one behind the other.
    let storage: [UInt8]
    let commandEnd: Int
    let spans: [Span]
    let bodyStart: Int

    struct Span: Sendable, Equatable {
        let nameStart: Int32
        let valueStart: Int32
        let valueEnd: Int32
    }

    /// Copies a frame out of the parser's input.
    package init(copying view: borrowing StompFrameView) {
        var size = view.commandName.count + view.body.count
        for index in 0..<view.headerCount {
            let (name, value) = view.header(at: index)
            size += name.count + value.count
        }
        var storage: [UInt8] = []
        storage.reserveCapacity(size)
        var spans: [Span] = []
        spans.reserveCapacity(view.headerCount)
        storage.append(contentsOf: view.commandName)
        commandEnd = storage.count
        for index in 0..<view.headerCount {
            let (name, value) = view.header(at: index)
            let nameStart = storage.count
            storage.append(contentsOf: name)
            let valueStart = storage.count
            storage.append(contentsOf: value)
            spans.append(
                Span(
                    nameStart: Int32(truncatingIfNeeded: nameStart), valueStart: Int32(truncatingIfNeeded: valueStart),
                    valueEnd: Int32(truncatingIfNeeded: storage.count)))
        }
        bodyStart = storage.count
        storage.append(contentsOf: view.body)
        command = view.command
        self.storage = storage
        self.spans = spans
    }

    /// The command's octets as they came.
    package var commandName: ArraySlice<UInt8> { storage[..<commandEnd] }

    /// How many header lines the frame has, repeated ones included.
    package var headerCount: Int { spans.count }

    /// The body's octets.
    package var body: ArraySlice<UInt8> { storage[bodyStart...] }

    /// The body as text; octets that are not UTF-8 become U+FFFD.
    package var bodyText: String { String(decoding: body, as: UTF8.self) }

    /// Name and value of the header line `index`.
    package func header(at index: Int) -> (name: String, value: String) {
        let span = spans[index]
        return (
            String(decoding: storage[Int(span.nameStart)..<Int(span.valueStart)], as: UTF8.self),
            String(decoding: storage[Int(span.valueStart)..<Int(span.valueEnd)], as: UTF8.self)
        )
    }

    /// The octets of the first header `name`.
    package func bytes(_ name: StaticString) -> ArraySlice<UInt8>? {
        let wanted = UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
        for span in spans where storage[Int(span.nameStart)..<Int(span.valueStart)].elementsEqual(wanted) {
            return storage[Int(span.valueStart)..<Int(span.valueEnd)]
        }
        return nil
    }

    /// The first header `name`.
    package subscript(_ name: StaticString) -> String? {
        bytes(name).map { String(decoding: $0, as: UTF8.self) }
    }
}
