// The room FrontCore of the floor Core.
