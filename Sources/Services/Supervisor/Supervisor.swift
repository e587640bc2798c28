// The room Supervisor of the floor Services.
