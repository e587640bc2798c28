// The room HTTP of the floor Protocols.
