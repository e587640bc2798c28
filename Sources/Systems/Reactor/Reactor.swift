// The room Reactor of the floor Systems.
