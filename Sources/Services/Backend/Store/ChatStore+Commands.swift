package import BackendCore
import Chat
import Postgres

extension ChatStore {
    /// Applies commands of `chatMessage.REQUEST`, of one or several partitions, in one transaction.
    ///
    /// Poison is found by halving and comes back as refused, with a `deadLetterReason`. Records below the lane's
    /// `nextOffset` are answered again from what is stored.
    /// - Returns: for each batch what came of each record; after it the lane's `nextOffset` is the last offset + 1.
    /// - Throws: `leaseLost` of the first such lane; `database`.
    package func apply(_ batches: [LaneBatch], nowMilliseconds: Int64) throws(StoreError) -> [[Applied]] {
        var plan = BatchPlan(batches, nowMilliseconds: nowMilliseconds, epoch: databaseEpoch)
        guard !plan.lanes.isEmpty else { return [] }
        try apply(plan.whole, of: &plan, nowMilliseconds: nowMilliseconds)
        return plan.applied
    }

    private func apply(
        _ piece: BatchPlan.Piece, of plan: inout BatchPlan, nowMilliseconds: Int64
    ) throws(StoreError) {
        encode(piece, of: plan, nowMilliseconds: nowMilliseconds)
        let failure: PostgresError
        do throws(PostgresError) {
            let rows = try connection.execute(Self.applyStatement, parameters)
            settle(rows, piece, &plan)
            return
        } catch {
            failure = error
        }
        if failure.sqlState == Self.leaseLostState {
            let index = (Int(failure.detail) ?? 1) - 1
            let lane = plan.lanes[plan.lanes.indices.contains(index) ? index : 0].lane
            throw .leaseLost(lane.topic, partition: lane.partition)
        }
        // GUARANTEES, rule 12: only what a row's own content causes is halved; the rest is tried again or stops the
        // lane.
        guard failure.remedy == .leaveRowOut, !piece.range.isEmpty else { throw .database(failure) }
        if let (first, second) = piece.halves {
            try apply(first, of: &plan, nowMilliseconds: nowMilliseconds)
            try apply(second, of: &plan, nowMilliseconds: nowMilliseconds)
        } else {
            try apply(poison: piece, of: &plan, failure, nowMilliseconds: nowMilliseconds)
        }
    }

    /// Keeps the refusal of a single command that the database cannot take, or, where not even that can be kept, goes
    /// on without.
    private func apply(
        poison piece: BatchPlan.Piece, of plan: inout BatchPlan, _ failure: PostgresError, nowMilliseconds: Int64
    ) throws(StoreError) {
        let entry = piece.range.lowerBound
        log("WARNING", "offset \(plan.entries[entry].command.offset) is poison: \(failure)")
        guard plan.entries[entry].command.isPoison else {
            plan.poison(entry)
            return try apply(piece, of: &plan, nowMilliseconds: nowMilliseconds)
        }
        let refused = plan.entries[entry].command.refused(
            PlannedCommand.poison, deadLetterReason: PlannedCommand.poison.message, epoch: databaseEpoch)
        plan.settle(entry, refused)
        try apply(piece.emptied, of: &plan, nowMilliseconds: nowMilliseconds)
    }

    private func settle(_ rows: borrowing Rows, _ piece: BatchPlan.Piece, _ plan: inout BatchPlan) {
        var outcomes = [[CommandOutcome]](repeating: [], count: piece.range.count)
        for row in 0..<rows.count {
            outcomes[Int(rows.int4(row, 0)) - 1].append(
                CommandOutcome(
                    kind: CommandOutcome.Kind(rawValue: rows.int2(row, 1)) ?? .refused,
                    roomID: rows.optionalInt8(row, 2) ?? 0, seq: rows.optionalInt8(row, 3),
                    atMilliseconds: rows.isNull(row, 4) ? 0 : rows.timestamp(row, 4),
                    detail: rows.isNull(row, 5) ? nil : rows.bytes(row, 5)))
        }
        for (index, entry) in piece.range.enumerated() {
            plan.settle(entry, plan.entries[entry].command.answer(outcomes[index], epoch: databaseEpoch))
        }
    }

    /// SQLSTATE of chat.hold_lanes.
    static let leaseLostState = "MD001"

    private static let applyStatement = Statement(
        "apply_commands",
        """
        SELECT ord, outcome, room_id, seq, at, detail FROM chat.apply_commands(
            $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)
        """)
}
