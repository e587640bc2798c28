// The room WebSocket of the floor Protocols.
