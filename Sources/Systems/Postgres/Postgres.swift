// The room Postgres of the floor Systems.
