package import Chat

/// The right to write what comes of one partition of one log, until another backend takes it (GUARANTEES, rule 2).
package struct Lane: Sendable, Equatable {
    /// Which log: the id of the Kafka cluster.
    package let incarnation: String
    /// Which partition.
    package let topic: Topic
    package let partition: Int32
    /// The number of this owner; a later one has a higher, and this one is refused from then on.
    package let epoch: Int64
    /// The first offset whose outcome is not in the database.
    package var nextOffset: Int64
    /// All answers to records before it were acknowledged; a new owner consumes from here on.
    package var answeredOffset: Int64

    /// A lane as the database gives it.
    package init(
        incarnation: String, topic: Topic, partition: Int32, epoch: Int64, nextOffset: Int64, answeredOffset: Int64
    ) {
        self.incarnation = incarnation
        self.topic = topic
        self.partition = partition
        self.epoch = epoch
        self.nextOffset = nextOffset
        self.answeredOffset = answeredOffset
    }
}

/// Records of one partition, in the order of their offsets, to be applied together.
package struct LaneBatch: Sendable {
    /// Whose they are, and what was read.
    package var lane: Lane
    package var records: [IncomingRecord]
    /// How far answers are acknowledged by now; kept with the batch.
    package var answeredOffset: Int64

    /// A batch to be applied.
    package init(lane: Lane, records: [IncomingRecord], answeredOffset: Int64) {
        self.lane = lane
        self.records = records
        self.answeredOffset = answeredOffset
    }
}
