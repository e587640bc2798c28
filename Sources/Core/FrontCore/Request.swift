package import Chat

/// Anything a front asks a backend.
package enum Request: Sendable {
    case command(Command)
    case question(Question)
    case user(UserRequest)

    /// The header `type`.
    package var type: RecordType {
        switch self {
        case .command(let command): command.type
        case .question(let question): question.type
        case .user(let request): request.type
        }
    }

    func key(asker: String) -> [UInt8] {
        switch self {
        case .command(let command): command.key(userID: asker)
        case .question(let question): question.key(userID: asker)
        case .user(let request): request.key(asker: asker)
        }
    }

    var value: [UInt8] {
        switch self {
        case .command(let command): command.value
        case .question(let question): question.value
        case .user(let request): request.value
        }
    }
}

/// What a backend answered: a RESPONSE record of outcome `stored`.
package struct Answer: Sendable {
    /// The record's type; of a fact that came of the command.
    package var type: String
    /// The id of the message or command.
    package var messageID: MessageID?
    /// The database's epoch.
    package var epoch: Int64
    /// The record's value.
    package var value: [UInt8]
}

/// What to do with an answer, or with why there is none.
package typealias Completion = (Result<Answer, ChatError>) -> Void
