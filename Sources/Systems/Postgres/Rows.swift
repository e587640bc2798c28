import CPostgres

/// The rows of one result in binary format, read in place; freed with the value.
///
/// A cell that is asked for as a type it is not, or that does not exist, is a mistake of the program and traps.
package struct Rows: ~Copyable {
    private let result: OpaquePointer

    /// How many rows there are.
    package let count: Int

    init(takingOwnership result: OpaquePointer) {
        self.result = result
        count = Int(PQntuples(result))
    }

    deinit { PQclear(result) }

    /// How many rows the statement changed, 0 for one that changes none.
    package var changedCount: Int { Int(String(cString: PQcmdTuples(result))) ?? 0 }

    /// How many columns a row has.
    package var columnsCount: Int { Int(PQnfields(result)) }

    /// Whether the cell is NULL.
    package func isNull(_ row: Int, _ column: Int) -> Bool {
        PQgetisnull(result, Int32(truncatingIfNeeded: row), Int32(truncatingIfNeeded: column)) != 0
    }

    /// `smallint`.
    package func int2(_ row: Int, _ column: Int) -> Int16 { Int16(bitPattern: integer(row, column)) }

    /// `integer`.
    package func int4(_ row: Int, _ column: Int) -> Int32 { Int32(bitPattern: integer(row, column)) }

    /// `bigint`.
    package func int8(_ row: Int, _ column: Int) -> Int64 { Int64(bitPattern: integer(row, column)) }

    /// `bigint`, nil for NULL.
    package func optionalInt8(_ row: Int, _ column: Int) -> Int64? {
        isNull(row, column) ? nil : int8(row, column)
    }

    /// `boolean`.
    package func bool(_ row: Int, _ column: Int) -> Bool { (integer(row, column) as UInt8) != 0 }

    /// `uuid`.
    package func uuid(_ row: Int, _ column: Int) -> UInt128 { integer(row, column) }

    /// `timestamptz` in milliseconds since 1970, rounded down.
    package func timestamp(_ row: Int, _ column: Int) -> Int64 { Timestamp.decode(int8(row, column)) }

    /// `text`; empty for NULL.
    package func text(_ row: Int, _ column: Int) -> String { String(decoding: cell(row, column), as: UTF8.self) }

    /// `text`, nil for NULL.
    package func optionalText(_ row: Int, _ column: Int) -> String? {
        isNull(row, column) ? nil : text(row, column)
    }

    /// A copy of the cell's octets; empty for NULL.
    package func bytes(_ row: Int, _ column: Int) -> [UInt8] { [UInt8](cell(row, column)) }

    /// The cell's octets in place, valid inside `body` only; empty for NULL.
    package func withBytes<Value, Failure: Error>(
        _ row: Int, _ column: Int, _ body: (UnsafeRawBufferPointer) throws(Failure) -> Value
    ) throws(Failure) -> Value {
        try body(cell(row, column))
    }

    /// `bigint[]`; empty for NULL.
    package func int8s(_ row: Int, _ column: Int) -> [Int64] {
        elements(row, column) { Int64(bitPattern: Self.integer($0)) }
    }

    /// `text[]`; empty for NULL.
    package func texts(_ row: Int, _ column: Int) -> [String] {
        elements(row, column) { String(decoding: $0, as: UTF8.self) }
    }

    /// `uuid[]`; empty for NULL.
    package func uuids(_ row: Int, _ column: Int) -> [UInt128] { elements(row, column) { Self.integer($0) } }

    /// Each element of a one-dimensional array that is not NULL.
    private func elements<Value>(_ row: Int, _ column: Int, _ read: (UnsafeRawBufferPointer) -> Value) -> [Value] {
        let bytes = cell(row, column)
        guard bytes.count >= 20 else { return [] }
        let count = Int(Self.integer(UnsafeRawBufferPointer(rebasing: bytes[12..<16])) as UInt32)
        var values: [Value] = []
        values.reserveCapacity(count)
        var offset = 20
        for _ in 0..<count {
            let length: UInt32 = Self.integer(UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + 4]))
            offset += 4
            guard length != .max else { continue }
            values.append(read(UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + Int(length)])))
            offset += Int(length)
        }
        return values
    }

    private func integer<Integer: FixedWidthInteger>(_ row: Int, _ column: Int) -> Integer {
        Self.integer(cell(row, column))
    }

    private static func integer<Integer: FixedWidthInteger>(_ bytes: UnsafeRawBufferPointer) -> Integer {
        precondition(bytes.count == MemoryLayout<Integer>.size, "a column has another type than the one asked for")
        return Integer(bigEndian: bytes.loadUnaligned(as: Integer.self))
    }

    private func cell(_ row: Int, _ column: Int) -> UnsafeRawBufferPointer {
        precondition(row >= 0 && row < count && column >= 0 && column < columnsCount, "no such cell")
        let (r, c) = (Int32(truncatingIfNeeded: row), Int32(truncatingIfNeeded: column))
        return UnsafeRawBufferPointer(start: PQgetvalue(result, r, c), count: Int(PQgetlength(result, r, c)))
    }
}
