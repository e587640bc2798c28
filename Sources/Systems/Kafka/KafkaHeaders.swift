/// The headers of a record to produce, laid flat, so that one value can be filled again and again without allocating.
package struct KafkaHeaders: Sendable {
    private(set) var bytes: [UInt8] = []
    /// Four numbers a header: name start, name bytes, value start, value bytes (`UInt32.max`: null).
    private(set) var spans: [UInt32] = []

    /// No headers, and room for about `bytes` octets of them.
    package init(reservingBytes bytes: Int = 512) {
        self.bytes.reserveCapacity(bytes)
        spans.reserveCapacity(48)
    }

    /// How many there are.
    package var count: Int { spans.count / 4 }

    /// Takes all out, keeps the memory.
    package mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        spans.removeAll(keepingCapacity: true)
    }

    /// Adds a header with a text.
    package mutating func append(_ name: StaticString, _ value: String) {
        let at = begin(name)
        bytes.append(contentsOf: value.utf8)
        end(at)
    }

    /// Adds a header with octets.
    package mutating func append(_ name: StaticString, _ value: UnsafeRawBufferPointer) {
        let at = begin(name)
        bytes.append(contentsOf: value)
        end(at)
    }

    /// Adds a header with octets.
    package mutating func append(_ name: StaticString, _ value: [UInt8]) {
        let at = begin(name)
        bytes.append(contentsOf: value)
        end(at)
    }

    /// Adds a header with a text, its name known only at run time.
    package mutating func append(name: String, value: String) {
        spans.append(UInt32(truncatingIfNeeded: bytes.count))
        bytes.append(contentsOf: name.utf8)
        spans.append(UInt32(truncatingIfNeeded: name.utf8.count))
        let at = bytes.count
        bytes.append(contentsOf: value.utf8)
        end(at)
    }

    /// Adds a header whose name came from outside, as dead letters have; nil is a null value.
    package mutating func append(name: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer?) {
        let start = UInt32(truncatingIfNeeded: bytes.count)
        bytes.append(contentsOf: name)
        spans.append(start)
        spans.append(UInt32(truncatingIfNeeded: name.count))
        let at = bytes.count
        if let value {
            bytes.append(contentsOf: value)
            end(at)
        } else {
            spans.append(UInt32(truncatingIfNeeded: at))
            spans.append(.max)
        }
    }

    private mutating func begin(_ name: StaticString) -> Int {
        let start = UInt32(truncatingIfNeeded: bytes.count)
        name.withUTF8Buffer { bytes.append(contentsOf: $0) }
        spans.append(start)
        spans.append(UInt32(truncatingIfNeeded: name.utf8CodeUnitCount))
        return bytes.count
    }

    private mutating func end(_ valueStart: Int) {
        spans.append(UInt32(truncatingIfNeeded: valueStart))
        spans.append(UInt32(truncatingIfNeeded: bytes.count - valueStart))
    }
}
