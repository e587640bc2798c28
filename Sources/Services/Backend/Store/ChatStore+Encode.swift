import BackendCore
import Chat
import JSON
import Postgres

extension ChatStore {
    /// Writes the parameters of chat.apply_commands.
    func encode(_ piece: BatchPlan.Piece, of plan: BatchPlan, nowMilliseconds: Int64) {
        parameters.removeAll()
        encodeLanes(plan, plan.nextOffsets(piece))
        parameters.append(timestamp: nowMilliseconds)
        parameters.append(texts: operators)
        let entries = plan.entries[piece.range]
        parameters.append(arrayOf: .int4) {
            for entry in entries { $0.append(int4: Int32(truncatingIfNeeded: plan.places[entry.batch] + 1)) }
        }
        parameters.append(arrayOf: .int8) { for entry in entries { $0.append(int8: entry.command.offset) } }
        parameters.append(arrayOf: .bool) { for entry in entries { $0.append(bool: entry.command.isOverdue) } }
        parameters.append(arrayOf: .int2) { for entry in entries { $0.append(int2: entry.command.number) } }
        parameters.append(arrayOf: .int8) {
            for entry in entries { $0.append(int8: entry.command.command.roomID ?? 0) }
        }
        parameters.append(arrayOf: .text) { for entry in entries { $0.append(text: entry.command.userID) } }
        parameters.append(arrayOf: .uuid) { for entry in entries { $0.append(uuid: entry.command.messageID.bits) } }
        parameters.append(arrayOf: .bytea) {
            for entry in entries {
                if let hash = entry.command.requestHash { $0.append(bytes: hash) } else { $0.appendNull() }
            }
        }
        parameters.append(arrayOf: .text) { for entry in entries { $0.append(text: entry.command.text) } }
        parameters.append(arrayOf: .int8) { for entry in entries { $0.append(int8: entry.command.seq) } }
        parameters.append(arrayOf: .text) {
            for entry in entries {
                if let detail = entry.command.detail { $0.append(bytes: detail) } else { $0.appendNull() }
            }
        }
    }

    /// Appends the incarnation and the arrays of lanes: topic, partition, epoch, next and answered offset.
    private func encodeLanes(_ plan: BatchPlan, _ nextOffsets: [Int64]) {
        let lanes = plan.lanes
        parameters.append(text: lanes.first?.lane.incarnation ?? "")
        parameters.append(texts: lanes.map(\.lane.topic.rawValue))
        parameters.append(arrayOf: .int4) { for batch in lanes { $0.append(int4: batch.lane.partition) } }
        parameters.append(int8s: lanes.map(\.lane.epoch))
        parameters.append(int8s: nextOffsets)
        parameters.append(int8s: lanes.map(\.answeredOffset))
    }
}

/// What chat.decide is told; of poison nothing but whose it is.
extension PlannedCommand {
    fileprivate var number: Int16 { isPoison ? 7 : command.number }
    fileprivate var text: String? { isPoison ? nil : command.text }
    fileprivate var seq: Seq? { isPoison ? nil : command.seq }
    fileprivate var detail: [UInt8]? { isPoison ? nil : command.detail }
}

extension Command {
    /// The number of the kind in chat.decide.
    fileprivate var number: Int16 {
        switch self {
        case .send: 1
        case .createRoom: 2
        case .addMembers: 3
        case .removeMember: 4
        case .setRole: 5
        case .moveRead: 6
        }
    }

    /// What is said.
    fileprivate var text: String? {
        guard case .send(let send) = self else { return nil }
        return send.message
    }

    /// The seq that is answered or read.
    fileprivate var seq: Seq? {
        switch self {
        case .send(let send): send.replyTo
        case .moveRead(_, let seq): seq
        default: nil
        }
    }

    /// All else as JSON; nil for a message that mentions nobody, which goes the fast way.
    fileprivate var detail: [UInt8]? {
        switch self {
        case .moveRead: return nil
        case .send(let send):
            guard !send.mentions.isEmpty else { return nil }
            var writer = JSONWriter()
            writer.beginObject()
            writer.strings("mentions", send.mentions)
            writer.endObject()
            return writer.bytes
        default: return value
        }
    }
}

extension MessageID {
    /// The id as PostgreSQL's driver has it.
    var bits: UInt128 { UInt128(high) << 64 | UInt128(low) }

    /// The id with these bits.
    init(bits: UInt128) {
        self.init(high: UInt64(truncatingIfNeeded: bits >> 64), low: UInt64(truncatingIfNeeded: bits))
    }
}
