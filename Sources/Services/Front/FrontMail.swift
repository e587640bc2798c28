/// What other threads tell a reactor.
enum FrontMail: Sendable {
    /// The log is there.
    case connected(FrontLog)
    /// Records of RESPONSE topics.
    case batch(RecordBatch)
    /// Records were lost before they could be read.
    case gap
    /// A request did not get into the log.
    case failed(counter: UInt64, maybe: Bool)
    /// A key was derived from a password.
    case derived(job: UInt64, key: [UInt8])
    /// Catch-ups that had their share of a turn go on.
    case proceed
    /// The front ends: connections are told to come back elsewhere.
    case drain
}
