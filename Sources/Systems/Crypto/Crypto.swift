// The room Crypto of the floor Systems.
