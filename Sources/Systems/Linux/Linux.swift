// The room Linux of the floor Systems.
