// The room Deflate of the floor Systems.
