// The room SockJS of the floor Protocols.
