package import Chat

/// A question that is well formed, and who asks.
package struct PlannedQuestion: Sendable, Equatable {
    /// What is asked, by whom, with which headers.
    package var question: Question
    package var userID: String
    package var headers: RecordHeaders
}

/// What a record of chatRoom.REQUEST turned out to be.
package enum DecodedQuestion: Sendable, Equatable {
    case planned(PlannedQuestion)
    /// Nothing to ask the database: too late, a dead letter, or refused.
    case done(Applied)
}

/// Reads records of chatRoom.REQUEST.
package enum QuestionDecoder {
    /// What `record` is at `nowMilliseconds`; a question whose deadline passed gets no answer (GUARANTEES, rule 13).
    package static func decode(_ record: IncomingRecord, nowMilliseconds: Int64, epoch: Int64) -> DecodedQuestion {
        let headers: RecordHeaders
        switch record.headers {
        case .success(let ours): headers = ours
        case .failure(let defect): return .done(Applied(deadLetterReason: defect.reason))
        }
        guard let type = RecordType(rawValue: headers.type), type.topic == .chatRoomRequest else {
            return .done(Applied(deadLetterReason: "unknown type"))
        }
        if headers.isOverdue(record, nowMilliseconds: nowMilliseconds) { return .done(Applied()) }
        do throws(ChatError) {
            guard let value = record.value else { throw ChatError(.badRequest, "The record has no value.") }
            let question = try Question(type: type, value: try json(value))
            // A sign of life is asked for by fronts themselves.
            guard let userID = headers.userID ?? (question == .ping ? "" : nil) else {
                return .done(Applied(deadLetterReason: "no header user-id"))
            }
            return .planned(PlannedQuestion(question: question, userID: userID, headers: headers))
        } catch {
            return .done(
                Applied.answer(error, to: headers, topic: .chatRoomResponse, epoch: epoch, deadLetter: true))
        }
    }
}

extension Applied {
    /// A refusal that goes to the asker alone.
    package static func answer(
        _ error: ChatError, to request: RecordHeaders, topic: Topic, epoch: Int64, deadLetter: Bool = false
    ) -> Applied {
        let record = OutgoingRecord.answer(error.json, outcome: .refused, to: request, topic: topic, epoch: epoch)
        return Applied(record.map { [$0] } ?? [], deadLetterReason: deadLetter ? error.description : nil)
    }

    /// An answer that goes to the asker alone.
    package static func answer(
        _ value: [UInt8], to request: RecordHeaders, topic: Topic, epoch: Int64
    ) -> Applied {
        Applied(
            OutgoingRecord.answer(value, to: request, topic: topic, epoch: epoch).map { [$0] } ?? [])
    }
}
