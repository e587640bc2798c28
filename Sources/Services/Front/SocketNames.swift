import Reactor

// The reactor and FrontCore name connections and reasons alike; in this room the reactor's go by these names.

/// A connection as the reactor knows it.
typealias SocketID = ConnectionID

/// Why the reactor ended a connection.
typealias SocketEnd = CloseReason
