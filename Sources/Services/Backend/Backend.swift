// The room Backend of the floor Services.
