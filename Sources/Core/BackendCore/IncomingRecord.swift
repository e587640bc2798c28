package import Chat

/// A record of a REQUEST topic as it was read from the log.
package struct IncomingRecord: Sendable {
    /// Its place in the partition.
    package var offset: Int64
    /// The log's own append time in milliseconds since 1970; nil where the topic has the producer's.
    package var appendedAtMilliseconds: Int64?
    /// Its key; a refusal goes out under the same.
    package var key: [UInt8]
    /// Its value; nil for a tombstone.
    package var value: [UInt8]?
    /// Its headers, or why they are not ours.
    package var headers: Result<RecordHeaders, RecordDefect>

    /// A record with all its parts.
    package init(
        offset: Int64, appendedAtMilliseconds: Int64? = nil, key: [UInt8], value: [UInt8]?,
        headers: Result<RecordHeaders, RecordDefect>
    ) {
        self.offset = offset
        self.appendedAtMilliseconds = appendedAtMilliseconds
        self.key = key
        self.value = value
        self.headers = headers
    }
}
