package import BackendCore
package import Chat
import Postgres

extension ChatStore {
    /// Becomes the owner of a partition; from then on earlier owners are refused.
    ///
    /// - Parameter startOffset: where a log that was never seen begins (its low watermark).
    /// - Returns: where it stands: consume from `answeredOffset`.
    /// - Throws: `database`.
    package func takeLane(
        incarnation: String, topic: Topic, partition: Int32, startOffset: Int64 = 0
    ) throws(StoreError) -> Lane {
        var parameters = Parameters()
        parameters.append(text: incarnation)
        parameters.append(text: topic.rawValue)
        parameters.append(int4: partition)
        parameters.append(int8: startOffset)
        return try query { () throws(PostgresError) in
            let rows = try connection.execute(Self.takeStatement, parameters)
            return Lane(
                incarnation: incarnation, topic: topic, partition: partition, epoch: rows.int8(0, 0),
                nextOffset: rows.int8(0, 1), answeredOffset: rows.int8(0, 2))
        }
    }

    /// Notes how far answers are acknowledged when a partition is given up; a lane that was lost is left alone.
    ///
    /// - Throws: `database`.
    package func releaseLane(_ lane: Lane, answeredOffset: Int64) throws(StoreError) {
        var parameters = Parameters()
        parameters.append(text: lane.incarnation)
        parameters.append(text: lane.topic.rawValue)
        parameters.append(int4: lane.partition)
        parameters.append(int8: lane.epoch)
        parameters.append(int8: answeredOffset)
        try query { () throws(PostgresError) in
            _ = try connection.execute(Self.releaseStatement, parameters)
        }
    }

    /// Does a little of what is left for the background: erases texts of closed rooms, forgets old answers. To be
    /// called
    /// now and then; `rowsMax` bounds what one call does.
    ///
    /// - Returns: how many rows it changed.
    /// - Throws: `database`.
    @discardableResult
    package func tidy(nowMilliseconds: Int64, rowsMax: Int32 = 2000) throws(StoreError) -> Int64 {
        var parameters = Parameters()
        parameters.append(timestamp: nowMilliseconds)
        parameters.append(int4: rowsMax)
        return try query { () throws(PostgresError) in
            try connection.execute(Self.tidyStatement, parameters).int8(0, 0)
        }
    }

    private static let tidyStatement = Statement("tidy", "SELECT chat.tidy($1, $2)")

    private static let takeStatement = Statement("take_lane", "SELECT * FROM chat.take_lane($1, $2, $3, $4)")

    // Never beyond what is decided: what is not decided is not answered.
    private static let releaseStatement = Statement(
        "release_lane",
        """
        UPDATE chat.lane SET answered_offset = greatest(answered_offset, least($5, next_offset))
        WHERE incarnation = $1 AND topic = $2 AND partition = $3 AND epoch = $4
        """)
}
