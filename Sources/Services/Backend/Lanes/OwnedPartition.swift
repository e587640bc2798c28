internal import BackendCore
internal import Chat
internal import Kafka

/// A partition of a topic.
struct PartitionKey: Hashable, Sendable, CustomStringConvertible {
    let topic: Topic
    let partition: Int32

    var description: String { "\(topic.rawValue)/\(partition)" }
}

/// A partition that the group gave to this lane.
struct OwnedPartition {
    enum Standing: Equatable {
        /// Its lease is still to be taken; not before this moment of the monotonic clock.
        case waiting(retryAt: UInt64)
        case reading
        /// Something is wrong that must not be passed over; looked at again at that moment.
        case stopped(String, retryAt: UInt64)
    }

    let key: PartitionKey
    var standing = Standing.waiting(retryAt: 0)
    /// nil for questions, which need no lease.
    var lane: Lane?
    var progress = PartitionProgress(offset: 0)
    /// What the group was told last; -1 for nothing.
    var committedOffset: Int64 = -1

    /// Up to where the group may be told that all is done. Questions are done once they are handed on.
    var doneOffset: Int64 { lane == nil ? progress.nextToRead : progress.answeredOffset }

    /// Why a lane cannot begin in a log that goes from `low` to before `high`; nil where it can (GUARANTEES, rule 9).
    static func obstacle(_ lane: Lane, low: Int64, high: Int64) -> String? {
        let mend = "to go on all the same, delete its row from chat.lane"
        if lane.nextOffset > high {
            return "the log ends at \(high), before the \(lane.nextOffset) that the database has seen: the topic was "
                + "made anew or has lost records; \(mend)"
        }
        if lane.nextOffset < low {
            return "records \(lane.nextOffset) to \(low - 1) were deleted before they were worked on; \(mend)"
        }
        return nil
    }
}

/// Records of a partition that were read and are not in the database yet.
struct Work {
    var records: [IncomingRecord] = []
    /// Their headers as they came, for dead letters.
    var headers: [KafkaHeaders] = []
}
