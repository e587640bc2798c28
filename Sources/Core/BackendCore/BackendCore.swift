// The room BackendCore of the floor Core.
