// The room Client of the floor Services.
