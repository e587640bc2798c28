// The room Topics of the floor Services.
