// The room Logging of the floor Systems.
