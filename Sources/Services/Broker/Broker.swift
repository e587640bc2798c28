// The room Broker of the floor Services.
