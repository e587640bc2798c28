// The room JSON of the floor Protocols.
