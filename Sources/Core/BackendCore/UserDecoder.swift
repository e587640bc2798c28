package import Chat

/// A request about people that is well formed.
package struct PlannedUserRequest: Sendable, Equatable {
    /// What is asked.
    package var request: UserRequest
    /// Who asks; empty where nobody is logged in yet.
    package var asker: String
    /// The record's headers, for the answer.
    package var headers: RecordHeaders
    /// Whether nothing may come of it any more.
    package var isOverdue: Bool
}

/// What a record of user.REQUEST turned out to be.
package enum DecodedUserRequest: Sendable, Equatable {
    case planned(PlannedUserRequest)
    case done(Applied)
}

/// Reads records of user.REQUEST.
package enum UserDecoder {
    /// What `record` is at `nowMilliseconds`; never fails.
    package static func decode(_ record: IncomingRecord, nowMilliseconds: Int64, epoch: Int64) -> DecodedUserRequest {
        let headers: RecordHeaders
        switch record.headers {
        case .success(let ours): headers = ours
        case .failure(let defect): return .done(Applied(deadLetterReason: defect.reason))
        }
        guard let type = RecordType(rawValue: headers.type), type.topic == .userRequest else {
            return .done(Applied(deadLetterReason: "unknown type"))
        }
        do throws(ChatError) {
            guard let value = record.value else { throw ChatError(.badRequest, "The record has no value.") }
            let request = try UserRequest(type: type, value: try json(value))
            if headers.userID == nil, request.needsAsker {
                return .done(Applied(deadLetterReason: "no header user-id"))
            }
            return .planned(
                PlannedUserRequest(
                    request: request, asker: headers.userID ?? "", headers: headers,
                    isOverdue: headers.isOverdue(record, nowMilliseconds: nowMilliseconds)))
        } catch {
            return .done(Applied.answer(error, to: headers, topic: .userResponse, epoch: epoch, deadLetter: true))
        }
    }
}

extension UserRequest {
    /// Whether the person in the headers is whom it is about.
    fileprivate var needsAsker: Bool {
        switch self {
        case .rename, .status, .sessions, .logout: true
        default: false
        }
    }
}
