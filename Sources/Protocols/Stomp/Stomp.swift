// The room Stomp of the floor Protocols.
