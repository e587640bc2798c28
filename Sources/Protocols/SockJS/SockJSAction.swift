/// What a session asks of those who own its connections. `receiver` is the number that `attach` was given.
package enum SockJSAction: Sendable, Equatable {
    /// Send the whole answer.
    case respond(receiver: UInt64, SockJSResponse)
    /// Begin an answer without an end in sight.
    case begin(receiver: UInt64, SockJSResponse)
    /// Send a piece of the body, as a chunk of its own.
    case write(receiver: UInt64, [UInt8])
    /// End the body.
    case finish(receiver: UInt64)
    /// The client is gone, without having been asked to go: tell whoever stands behind the session.
    case ended
    /// Nothing more will come of the session: take it out of the table.
    case forget
}
