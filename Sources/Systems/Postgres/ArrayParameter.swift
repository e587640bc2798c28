/// The types that arrays are made of, by their object id in `pg_type`.
package enum ElementType: UInt32, Sendable {
    case bool = 16
    case bytea = 17
    case int8 = 20
    case int2 = 21
    case int4 = 23
    case text = 25
    case timestamptz = 1184
    case uuid = 2950
}

extension Parameters {
    /// A one-dimensional array whose elements `write` appends (PostgreSQL's `array_send`: dimensions, null flag,
    /// element type, length and lower bound, then each element with its length).
    package mutating func append<Failure: Error>(
        arrayOf type: ElementType, _ write: (inout ArrayWriter) throws(Failure) -> Void
    ) throws(Failure) {
        let start = bytes.count
        put(UInt32(1))
        put(UInt32(0))
        put(type.rawValue)
        put(UInt32(0))
        put(UInt32(1))
        var writer = ArrayWriter(bytes: bytes)
        bytes = []  // so that the writer owns the only reference and appends in place
        try write(&writer)
        bytes = writer.bytes
        overwrite(at: start + 4, with: UInt32(writer.hasNull ? 1 : 0))
        overwrite(at: start + 12, with: UInt32(writer.count))
        if writer.count == 0 {
            // An empty array has no dimension.
            overwrite(at: start, with: 0)
            bytes.removeLast(8)
        }
        offsets.append(start)
        lengths.append(Int32(clamping: bytes.count - start))
    }

    /// `bigint[]`.
    package mutating func append(int8s values: some Sequence<Int64>) {
        append(arrayOf: .int8) { for value in values { $0.append(int8: value) } }
    }

    /// `text[]`.
    package mutating func append(texts values: some Sequence<String>) {
        append(arrayOf: .text) { for value in values { $0.append(text: value) } }
    }

    /// `uuid[]`.
    package mutating func append(uuids values: some Sequence<UInt128>) {
        append(arrayOf: .uuid) { for value in values { $0.append(uuid: value) } }
    }

    private mutating func overwrite(at offset: Int, with value: UInt32) {
        for index in 0..<4 { bytes[offset + index] = UInt8(truncatingIfNeeded: value >> UInt32(24 - 8 * index)) }
    }
}

/// Appends the elements of one array.
package struct ArrayWriter {
    var bytes: [UInt8]
    private(set) var count: UInt32 = 0
    private(set) var hasNull = false

    init(bytes: [UInt8]) { self.bytes = bytes }

    /// NULL.
    package mutating func appendNull() {
        hasNull = true
        count += 1
        put(UInt32.max)
    }

    /// `smallint`.
    package mutating func append(int2 value: Int16) { element(length: 2) { $0.put(UInt16(bitPattern: value)) } }

    /// `integer`.
    package mutating func append(int4 value: Int32) { element(length: 4) { $0.put(UInt32(bitPattern: value)) } }

    /// `bigint`.
    package mutating func append(int8 value: Int64) { element(length: 8) { $0.put(UInt64(bitPattern: value)) } }

    /// `bigint` or NULL.
    package mutating func append(int8 value: Int64?) {
        guard let value else { return appendNull() }
        append(int8: value)
    }

    /// `boolean`.
    package mutating func append(bool value: Bool) { element(length: 1) { $0.bytes.append(value ? 1 : 0) } }

    /// `uuid`.
    package mutating func append(uuid value: UInt128) { element(length: 16) { $0.put(value) } }

    /// `timestamptz`, from milliseconds since 1970.
    package mutating func append(timestamp millisecondsSince1970: Int64) {
        element(length: 8) { $0.put(UInt64(bitPattern: Timestamp.encode(millisecondsSince1970))) }
    }

    /// `text`.
    package mutating func append(text value: String) {
        element(length: value.utf8.count) { $0.bytes.append(contentsOf: value.utf8) }
    }

    /// `text` or NULL.
    package mutating func append(text value: String?) {
        guard let value else { return appendNull() }
        append(text: value)
    }

    /// `text` or `bytea` from octets.
    package mutating func append(bytes value: some Collection<UInt8>) {
        element(length: value.count) { $0.bytes.append(contentsOf: value) }
    }

    private mutating func element(length: Int, _ write: (inout ArrayWriter) -> Void) {
        count += 1
        put(UInt32(truncatingIfNeeded: length))
        write(&self)
    }

    private mutating func put(_ value: some FixedWidthInteger) {
        withUnsafeBytes(of: value.bigEndian) { bytes.append(contentsOf: $0) }
    }
}
