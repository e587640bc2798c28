// The room YAML of the floor Systems.
