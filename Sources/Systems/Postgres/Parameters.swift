/// The values of one execution, encoded in PostgreSQL's binary format into one buffer (PostgreSQL 15, 55.7 "Message
/// Formats", Bind). Kept and cleared by a caller that runs often, so that memory is allocated once.
package struct Parameters {
    var bytes: [UInt8] = []
    /// Where each value begins in `bytes`; -1 for NULL.
    var offsets: [Int] = []
    var lengths: [Int32] = []

    /// No values yet.
    package init() {}

    /// Forgets the values, keeps the memory.
    package mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        offsets.removeAll(keepingCapacity: true)
        lengths.removeAll(keepingCapacity: true)
    }

    /// How many values were appended.
    package var count: Int { offsets.count }

    /// How many octets they take.
    package var bytesCount: Int { bytes.count }

    /// NULL of whatever type.
    package mutating func appendNull() {
        offsets.append(-1)
        lengths.append(0)
    }

    /// `smallint`.
    package mutating func append(int2 value: Int16) { scalar { $0.put(UInt16(bitPattern: value)) } }

    /// `integer`.
    package mutating func append(int4 value: Int32) { scalar { $0.put(UInt32(bitPattern: value)) } }

    /// `bigint`.
    package mutating func append(int8 value: Int64) { scalar { $0.put(UInt64(bitPattern: value)) } }

    /// `bigint` or NULL.
    package mutating func append(int8 value: Int64?) {
        guard let value else { return appendNull() }
        append(int8: value)
    }

    /// `boolean`.
    package mutating func append(bool value: Bool) { scalar { $0.bytes.append(value ? 1 : 0) } }

    /// `text`.
    package mutating func append(text value: String) { scalar { $0.bytes.append(contentsOf: value.utf8) } }

    /// `text` or NULL.
    package mutating func append(text value: String?) {
        guard let value else { return appendNull() }
        append(text: value)
    }

    /// `text`, `json` or `bytea` from octets.
    package mutating func append(bytes value: some Sequence<UInt8>) { scalar { $0.bytes.append(contentsOf: value) } }

    /// `uuid`.
    package mutating func append(uuid value: UInt128) { scalar { $0.put(value) } }

    /// `timestamptz`; what lies outside PostgreSQL's range becomes ±infinity.
    package mutating func append(timestamp millisecondsSince1970: Int64) {
        scalar { $0.put(UInt64(bitPattern: Timestamp.encode(millisecondsSince1970))) }
    }

    mutating func scalar(_ write: (inout Parameters) -> Void) {
        let start = bytes.count
        write(&self)
        offsets.append(start)
        lengths.append(Int32(clamping: bytes.count - start))
    }

    mutating func put(_ value: some FixedWidthInteger) {
        withUnsafeBytes(of: value.bigEndian) { bytes.append(contentsOf: $0) }
    }
}
