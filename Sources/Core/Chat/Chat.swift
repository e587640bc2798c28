// The room Chat of the floor Core.
