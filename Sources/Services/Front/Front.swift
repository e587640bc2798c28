// The room Front of the floor Services.
