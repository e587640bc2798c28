// The room Bench of the floor Services.
