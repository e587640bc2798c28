/// Limits of what people may say and be called, from CONTRACT. Limits of a front's resources stand with the front.
package enum Limits {
    /// Scalars of a userId.
    package static let userIDScalarsMax = 64
    /// Scalars of a userName.
    package static let userNameScalarsMax = 64
    /// Scalars of a status.
    package static let userStatusScalarsMax = 200
    /// Scalars of the name of a room.
    package static let roomNameScalarsMax = 100
    /// Octets of a password.
    package static let passwordBytes = 4...256
    /// Octets of UTF-8 of a message.
    package static let messageBytesMax = 65_536
    /// Visible ASCII characters of an idempotency key.
    package static let idempotencyKeyBytesMax = 128
    /// People named in one request (userIds, mentions).
    package static let peopleMax = 1000
    /// Levels of arrays and objects in JSON of clients.
    package static let jsonDepthMax = 16
    /// Entries of a list in one answer, unless the request says otherwise.
    package static let listDefault = 100
    /// Entries of a list in one answer at the most.
    package static let listMax = 1000
    /// Events of a history page, unless the request says otherwise.
    package static let historyDefault = 50
    /// Octets of events in one answer to `room.history`; a front asks again for the rest.
    package static let historyAnswerBytesMax = 512 * 1024
}
